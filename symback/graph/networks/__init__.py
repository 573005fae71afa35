"""Common networks in one line: graphs with a text that is written for you and can be read like any other."""

from symback.graph.networks.convolutional import cnn
from symback.graph.networks.layers import mlp
from symback.graph.networks.recurrent import gru, lstm, rnn
from symback.graph.networks.transformer import attention, transformer_block

__all__ = ["attention", "cnn", "gru", "lstm", "mlp", "rnn", "transformer_block"]
