"""The problems of all kinds as they are read and worked, in families that share their words."""
