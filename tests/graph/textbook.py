"""Gradients as textbooks print them: the graph, what it is taken by, and the book's formula, with letters for sizes.

Sources: The Matrix Cookbook (Petersen and Pedersen) for traces, determinants, inverses and norms; Bishop's "Pattern
Recognition and Machine Learning" for likelihoods and regressions; Goodfellow, Bengio and Courville's "Deep Learning"
for networks; Ioffe and Szegedy (2015) for batch normalization; Vaswani et al. (2017) for attention.

A row is a name, the graph, the formulas by name, and what is known of inputs beyond their shapes. Square matrices are
given a large diagonal, everything else entries between 0.3 and 1.7.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One graph and the gradients that a book prints for it."""

    name: str
    graph: str
    book: dict[str, str]
    known: dict[str, str] = {}  # noqa: RUF012


_P = {"y": "probabilities"}
_Y = {"Y": "probabilities"}

# fmt: off
ROWS = (
    # --- vectors ---------------------------------------------------------------------------------------------------
    Row("inner product", "a: n; x: n; L = a @ x", {"x": "a", "a": "x"}),
    Row("dot product", "a: n; x: n; L = dot(a, x)", {"x": "a"}),
    Row("quadratic form", "A: n x n; x: n; L = x @ A @ x", {"x": "(A + A.T) @ x", "A": "outer(x, x)"}),
    Row("quadratic form by name", "A: n x n; x: n; L = quadratic(x, A)", {"x": "(A + A.T) @ x"}),
    Row("symmetric quadratic form", "P: n x n symmetric; x: n; L = x @ P @ x", {"x": "2 P @ x"}),
    Row("bilinear form", "X: m x n; a: m; b: n; L = a @ X @ b", {"X": "outer(a, b)", "a": "X @ b", "b": "X.T @ a"}),
    Row("bilinear form, transposed", "X: n x m; a: m; b: n; L = a @ X.T @ b", {"X": "outer(b, a)"}),
    Row("two products with X", "X: m x n; b: n; c: n; L = b @ X.T @ X @ c",
        {"X": "X @ (outer(b, c) + outer(c, b))"}),
    Row("weighted residual", "X: m x n; a: n; b: m; D: m x m; r = X @ a + b; L = r @ D @ r",
        {"X": "outer((D + D.T) @ r, a)"}),
    Row("weighted least squares", "A: m x n; x: n; b: m; W: m x m symmetric; r = b - A @ x; L = r @ W @ r",
        {"x": "-2 A.T @ W @ r"}),
    Row("least squares", "A: m x n; x: n; b: m; L = norm2(A @ x - b)",
        {"x": "2 A.T @ (A @ x - b)", "A": "2 outer(A @ x - b, x)", "b": "2(b - A @ x)"}),
    Row("half the least squares", "A: m x n; x: n; b: m; L = norm2(A @ x - b)/2", {"x": "A.T @ (A @ x - b)"}),
    Row("ridge regression", "A: m x n; x: n; b: m; lambda:; L = norm2(A @ x - b) + lambda norm2(x)",
        {"x": "2 A.T @ (A @ x - b) + 2 lambda x", "lambda": "norm2(x)"}),
    Row("mean of squares", "A: m x n; x: n; b: m; L = mean((A @ x - b)^2)", {"x": "2 A.T @ (A @ x - b)/m"}),
    Row("mse", "X: m x n; w: n; y: m; p = X @ w; L = mse(p, y)", {"w": "2 X.T @ (p - y)/m", "p": "2(p - y)/m"}),
    Row("ordinary least squares", "X: m x n; w: n; b:; y: m; p = X @ w + b; L = sum((y - p)^2)/2",
        {"w": "-X.T @ (y - p)", "b": "-sum(y - p)"}),
    Row("norm", "x: n; L = norm(x)", {"x": "x/norm(x)"}),
    Row("distance", "x: n; y: n; L = norm(x - y)", {"x": "(x - y)/norm(x - y)"}),
    Row("squared norm", "x: n; L = norm2(x)", {"x": "2x"}),
    Row("squared norm, times a sum", "x: n; a: n; L = sum(norm2(x) a)", {"x": "2 sum(a) x", "a": "ones(n) norm2(x)"}),
    Row("cosine", "a: n; x: n; L = a @ x/(norm(a) norm(x))",
        {"x": "a/(norm(a) norm(x)) - (a @ x) x/(norm(a) norm(x)^3)"}),
    Row("radial basis", "x: n; y: n; g:; L = exp(-g norm2(x - y))", {"x": "-2 g exp(-g norm2(x - y)) (x - y)"}),
    Row("exponential of a form", "P: n x n symmetric; x: n; L = exp(-x @ P @ x/2)",
        {"x": "-exp(-x @ P @ x/2) P @ x"}),
    Row("sine of a product", "A: m x n; x: n; L = sum(sin(A @ x))", {"x": "A.T @ cos(A @ x)"}),
    Row("sum of a difference", "x: n; mu:; L = sum(x - mu)", {"mu": "-n", "x": "ones(n)"}),
    Row("sum without the mean", "x: n; L = sum(x - mean(x))", {"x": "0"}),
    Row("variance", "x: n; mu = mean(x); L = mean((x - mu)^2)", {"x": "2(x - mu)/n"}),
    Row("one entry", "x: n; L = 3 x[0]", {"x": "3 unit(0, n)"}),
    Row("larger of two", "x: n; y: n; L = sum(max(x, y))", {"x": "step(x - y)", "y": "1 - step(x - y)"}),
    # --- matrices: The Matrix Cookbook -----------------------------------------------------------------------------
    Row("trace of X", "X: n x n; L = trace(X)", {"X": "eye(n)"}),
    Row("trace of X X", "X: n x n; L = trace(X @ X)", {"X": "2 X.T"}),
    Row("trace of X.T X", "X: m x n; L = trace(X.T @ X)", {"X": "2X"}),
    Row("trace of X X.T", "X: m x n; L = trace(X @ X.T)", {"X": "2X"}),
    Row("trace of A X", "A: n x m; X: m x n; L = trace(A @ X)", {"X": "A.T", "A": "X.T"}),
    Row("trace of X A", "A: n x m; X: m x n; L = trace(X @ A)", {"X": "A.T"}),
    Row("trace of A X.T", "A: m x n; X: m x n; L = trace(A @ X.T)", {"X": "A"}),
    Row("trace of X.T A", "A: m x n; X: m x n; L = trace(X.T @ A)", {"X": "A"}),
    Row("trace of A X B", "A: k x m; X: m x n; B: n x k; L = trace(A @ X @ B)", {"X": "A.T @ B.T"}),
    Row("trace of A X.T B", "A: k x n; X: m x n; B: m x k; L = trace(A @ X.T @ B)", {"X": "B @ A"}),
    Row("trace of X.T B X", "B: m x m; X: m x n; L = trace(X.T @ B @ X)", {"X": "(B + B.T) @ X"}),
    Row("trace of X.T P X", "P: m x m symmetric; X: m x n; L = trace(X.T @ P @ X)", {"X": "2 P @ X"}),
    Row("trace of B X X.T", "B: m x m; X: m x n; L = trace(B @ X @ X.T)", {"X": "(B + B.T) @ X"}),
    Row("trace of X X.T B", "B: m x m; X: m x n; L = trace(X @ X.T @ B)", {"X": "(B + B.T) @ X"}),
    Row("trace of X B X.T", "B: n x n; X: m x n; L = trace(X @ B @ X.T)", {"X": "X @ (B.T + B)"}),
    Row("trace of B X.T X", "B: n x n; X: m x n; L = trace(B @ X.T @ X)", {"X": "X @ (B.T + B)"}),
    Row("trace of A X B X", "A: n x n; B: n x n; X: n x n; L = trace(A @ X @ B @ X)",
        {"X": "A.T @ X.T @ B.T + B.T @ X.T @ A.T"}),
    Row("trace of C.T X.T D X C", "C: n x k; D: m x m; X: m x n; L = trace(C.T @ X.T @ D @ X @ C)",
        {"X": "(D + D.T) @ X @ C @ C.T"}),
    Row("trace of A X B X.T C", "A: k x m; B: n x n; C: m x k; X: m x n; L = trace(A @ X @ B @ X.T @ C)",
        {"X": "A.T @ C.T @ X @ B.T + C @ A @ X @ B"}),
    Row("trace of (A X B + C) (A X B + C).T", "A: k x m; B: n x p; C: k x p; X: m x n\n"
        "R = A @ X @ B + C; L = trace(R @ R.T)", {"X": "2 A.T @ R @ B.T"}),
    Row("trace of X.T diag(b) X", "X: m x n; b: m; L = trace(X.T @ diag(b) @ X)",
        {"X": "2 diag(b) @ X", "b": "sum(X^2, 1)"}),
    Row("form of diag(a)", "a: n; x: n; L = x @ diag(a) @ x", {"x": "2 a x", "a": "x^2"}),
    Row("trace of an inverse", "X: n x n; L = trace(inv(X))", {"X": "-(inv(X) @ inv(X)).T"}),
    Row("trace of A X^-1 B", "A: n x n; B: n x n; X: n x n; L = trace(A @ inv(X) @ B)",
        {"X": "-(inv(X) @ B @ A @ inv(X)).T"}),
    Row("form of an inverse", "X: n x n; a: n; b: n; L = a @ inv(X) @ b",
        {"X": "-outer(inv(X).T @ a, inv(X) @ b)", "b": "inv(X).T @ a"}),
    Row("log det", "X: n x n; L = logdet(X)", {"X": "inv(X).T"}),
    Row("log det, symmetric", "P: n x n symmetric; L = logdet(P)", {"P": "inv(P)"}),
    Row("log det of X.T X", "X: 6 x 3; L = logdet(X.T @ X)", {"X": "2 X @ inv(X.T @ X)"}, {"X": "spread out"}),
    Row("squared Frobenius norm", "X: m x n; L = norm2(X)", {"X": "2X"}),
    Row("Frobenius norm", "X: m x n; L = norm(X)", {"X": "X/norm(X)"}),
    Row("norm of X X.T", "X: m x n; L = norm2(X @ X.T)", {"X": "4 X @ X.T @ X"}),
    Row("factorization", "Y: m x n; U: m x k; V: k x n; R = Y - U @ V; L = norm2(R)",
        {"U": "-2 R @ V.T", "V": "-2 U.T @ R"}),
    Row("a matrix by its norm", "X: m x n; Y: m x n; L = sum(Y * X/norm(X))",
        {"X": "Y/norm(X) - sum(X Y) X/norm(X)^3"}),
    Row("sum of a matrix", "A: m x n; L = sum(A)", {"A": "ones(m, n)"}),
    Row("ones on both sides", "X: m x n; L = ones(m) @ X @ ones(n)", {"X": "ones(m, n)"}),
    Row("mean of columns", "X: m x n; L = norm2(mean(X, 0))", {"X": "2 outer(ones(m), mean(X, 0))/m"}),
    Row("columns without their means", "X: m x n; L = norm2(X - mean(X, 0))", {"X": "2(X - mean(X, 0))"}),
    Row("sum of a product", "X: n x d; W: d x k; L = sum(X @ W)",
        {"W": "outer(sum(X, 0), ones(k))", "X": "outer(ones(n), sum(W, 1))"}),
    Row("rows weighted", "X: n x d; W: d x k; g: k; L = sum((X @ W) * g)",
        {"W": "outer(sum(X, 0), g)", "g": "sum(X @ W, 0)"}),
    # --- likelihoods -----------------------------------------------------------------------------------------------
    Row("Gaussian", "x: n; mu:; sigma:; L = sum(ln(sigma) + (x - mu)^2/(2 sigma^2))",
        {"mu": "-sum(x - mu)/sigma^2", "sigma": "n/sigma - sum((x - mu)^2)/sigma^3"}),
    Row("Gaussian by its variance", "x: n; mu:; v:; L = sum(ln(v)/2 + (x - mu)^2/(2v))",
        {"mu": "-sum(x - mu)/v", "v": "n/(2v) - sum((x - mu)^2)/(2 v^2)"}),
    Row("Poisson", "x: n; lambda:; L = sum(lambda - x ln(lambda))", {"lambda": "n - sum(x)/lambda"}),
    Row("exponential", "x: n; lambda:; L = -sum(ln(lambda) - lambda x)", {"lambda": "sum(x) - n/lambda"}),
    Row("Laplace", "x: n; mu:; b:; L = sum(ln(2b) + abs(x - mu)/b)",
        {"mu": "-sum(sign(x - mu))/b", "b": "n/b - sum(abs(x - mu))/b^2"}),
    Row("Bernoulli", "x: n; t:; L = -sum(x ln(t) + (1 - x) ln(1 - t))",
        {"t": "(n - sum(x))/(1 - t) - sum(x)/t"}, {"x": "between", "t": "between"}),
    Row("geometric", "x: n; t:; L = -sum(ln(t) + (x - 1) ln(1 - t))", {"t": "(sum(x) - n)/(1 - t) - n/t"},
        {"t": "between"}),
    Row("Gaussian of many", "x: n; a: n; P: n x n symmetric; L = (x - a) @ inv(P) @ (x - a)/2 + logdet(P)/2",
        {"a": "-inv(P) @ (x - a)", "P": "inv(P)/2 - outer(inv(P) @ (x - a), inv(P) @ (x - a))/2"}),
    Row("divergence of Gaussians", "x: n; y: n; L = -sum(1 + ln(x^2) - y^2 - x^2)/2", {"x": "x - 1/x", "y": "y"}),
    Row("divergence", "x: n; y: n; L = sum(y ln(y/x))", {"x": "-y/x"}, _P),
    # --- softmax, sigmoid and their losses -------------------------------------------------------------------------
    Row("softmax and cross-entropy", "z: n; y: n; p = softmax(z); L = cross_entropy(p, y)", {"z": "p - y"}, _P),
    Row("cross-entropy written out", "z: n; y: n; p = softmax(z); L = -sum(y * ln(p))", {"z": "p - y"}, _P),
    Row("twice a cross-entropy", "z: n; y: n; p = softmax(z); L = 2 cross_entropy(p, y)", {"z": "2(p - y)"}, _P),
    Row("its square", "z: n; y: n; p = softmax(z); J = cross_entropy(p, y); L = J^2", {"z": "2 J (p - y)"}, _P),
    Row("its logarithm", "z: n; y: n; p = softmax(z); J = cross_entropy(p, y); L = ln(J)", {"z": "(p - y)/J"}, _P),
    Row("its exponential", "z: n; y: n; p = softmax(z); J = cross_entropy(p, y); L = e^J", {"z": "e^J (p - y)"}, _P),
    Row("it times a number", "a:; z: n; y: n; p = softmax(z); J = cross_entropy(p, y); L = a J",
        {"z": "a (p - y)", "a": "J"}, _P),
    Row("softmax by its parts", "z: n; y: n; c = exp(z); Z = sum(c); p = c/Z; L = -sum(y * ln(p))", {"z": "p - y"}, _P),
    Row("mean of logarithms", "z: n; c = exp(z); Z = sum(c); p = c/Z; L = -mean(ln(p))", {"z": "p - 1/n"}),
    Row("softmax within", "z: n; y: n; L = -sum(y * ln(softmax(z)))", {"z": "softmax(z) - y"}, _P),
    Row("log-softmax", "z: n; y: n; L = -sum(y * log_softmax(z))", {"z": "softmax(z) - y"}, _P),
    Row("log-sum-exp", "z: n; L = logsumexp(z)", {"z": "softmax(z)"}),
    Row("log-sum-exp less a product", "z: n; y: n; L = logsumexp(z) - y @ z", {"z": "softmax(z) - y", "y": "-z"}),
    Row("a batch", "Z: m x n; Y: m x n; P = softmax(Z); L = cross_entropy(P, Y)", {"Z": "(P - Y)/m"}, _Y),
    Row("a batch written out", "Z: m x n; Y: m x n; P = softmax(Z); L = -mean(sum(Y * ln(P), 1))", {"Z": "(P - Y)/m"},
        _Y),
    Row("softmax regression", "X: m x n; W: n x k; b: k; Y: m x k; Z = X @ W + b; P = softmax(Z)\n"
        "L = cross_entropy(P, Y)", {"W": "X.T @ (P - Y)/m", "b": "sum(P - Y, 0)/m"}, _Y),
    Row("sigmoid and its loss", "z: n; y: n; p = sigmoid(z); L = -sum(y * ln(p) + (1 - y) * ln(1 - p))",
        {"z": "p - y"}, {"y": "between"}),
    Row("its mean", "z: n; y: n; p = sigmoid(z); L = -mean(y * ln(p) + (1 - y) * ln(1 - p))", {"z": "(p - y)/n"},
        {"y": "between"}),
    Row("bce", "z: n; y: n; p = sigmoid(z); L = bce(p, y)", {"z": "(p - y)/n"}, {"y": "between"}),
    Row("one sigmoid", "p = sigmoid(z); L = -(y ln p + (1 - y) ln(1 - p))", {"z": "p - y"}, {"y": "between"}),
    Row("its square too", "p = sigmoid(z); J = -(y ln p + (1 - y) ln(1 - p)); L = J^2", {"z": "2 J (p - y)"},
        {"y": "between"}),
    Row("logistic regression", "A: m x n; w: n; y: m; p = sigmoid(A @ w)\n"
        "L = -sum(y * ln(p) + (1 - y) * ln(1 - p))", {"w": "A.T @ (p - y)"}, {"y": "between"}),
    Row("logistic regression by softplus", "A: m x n; w: n; y: m; L = sum(softplus(A @ w) - y * (A @ w))",
        {"w": "A.T @ (sigmoid(A @ w) - y)"}),
    Row("logistic regression with a bias", "X: m x n; w: n; b:; y: m; p = sigmoid(X @ w + b); L = bce(p, y)",
        {"w": "X.T @ (p - y)/m", "b": "sum(p - y)/m"}, {"y": "between"}),
    Row("hinge", "A: m x n; w: n; y: m; L = sum(relu(1 - y * (A @ w)))", {"w": "-A.T @ (step(1 - y (A @ w)) y)"}),
    # --- networks --------------------------------------------------------------------------------------------------
    Row("batch normalization", "X: n x k; g: k; b: k; epsilon:; G: n x k; mu = mean(X, 0); v = mean((X - mu)^2, 0)\n"
        "s = sqrt(v + epsilon); H = (X - mu)/s; Y = g * H + b; L = sum(G * Y)",
        {"X": "g (G - mean(G, 0) - H mean(G H, 0))/s", "g": "sum(G H, 0)", "b": "sum(G, 0)"}),
    Row("layer normalization", "x: n; g: n; epsilon:; mu = mean(x); v = mean((x - mu)^2); s = sqrt(v + epsilon)\n"
        "h = (x - mu)/s; L = g @ h", {"x": "(g - mean(g) - h mean(g h))/s", "g": "h"}),
    Row("attention", "Q: n x d; K: m x d; V: m x p; G: n x p; S = Q @ K.T/2; A = softmax(S); O = A @ V\n"
        "L = sum(G * O)", {"V": "A.T @ G", "A": "G @ V.T", "Q": "dL/dS @ K/2", "K": "dL/dS.T @ Q/2"}),
    Row("two layers over a batch", "X: n x d; A: d x p; a: p; B: p x k; b: k; T: n x k; H = tanh(X @ A + a)\n"
        "O = H @ B + b; L = mse(O, T)",
        {"O": "2(O - T)/(n k)", "B": "H.T @ dL/dO", "b": "sum(dL/dO, 0)", "H": "dL/dO @ B.T",
         "A": "X.T @ (dL/dH (1 - H^2))", "a": "sum(dL/dH (1 - H^2), 0)"}),
    Row("a layer of relu", "X: n x d; W: d x p; V: p x k; T: n x k; Z = X @ W; L = sum(T * (relu(Z) @ V))",
        {"W": "X.T @ (T @ V.T step(Z))", "V": "relu(Z).T @ T"}),
    Row("three steps of a recurrence", "U: p x d; W: p x p; x: 3 x d; h[0]: p; t: p\n"
        "for i in 1..3:\n    h[i] = tanh(U @ x[i] + W @ h[i-1])\nL = norm2(h[3] - t)/2",
        {"h[3]": "h[3] - t", "h[2]": "W.T @ (dL/dh[3] (1 - h[3]^2))", "h[1]": "W.T @ (dL/dh[2] (1 - h[2]^2))",
         "W": "outer(dL/dh[1] (1 - h[1]^2), h[0]) + outer(dL/dh[2] (1 - h[2]^2), h[1])"
              " + outer(dL/dh[3] (1 - h[3]^2), h[2])",
         "U": "outer(dL/dh[1] (1 - h[1]^2), x[1]) + outer(dL/dh[2] (1 - h[2]^2), x[2])"
              " + outer(dL/dh[3] (1 - h[3]^2), x[3])"}),
)
# fmt: on
