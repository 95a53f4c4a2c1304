"""What people of the rendered clips wear."""

from train.rendering.clothes import Outfit

DARK = Outfit(
    skin=(0.42, 0.28, 0.20),
    hair=(0.06, 0.05, 0.05),
    shirt=(0.85, 0.83, 0.78),
    trousers=(0.18, 0.18, 0.20),
    shoes=(0.15, 0.12, 0.10),
    long_sleeves=True,
)
SPORT = Outfit(
    skin=(0.72, 0.50, 0.38),
    hair=(0.35, 0.22, 0.10),
    shirt=(0.10, 0.35, 0.65),
    trousers=(0.10, 0.10, 0.12),
    shoes=(0.80, 0.25, 0.15),
    shorts=True,
)
STRIPES = Outfit(
    skin=(0.86, 0.68, 0.58),
    hair=(0.62, 0.48, 0.25),
    shirt=(0.75, 0.78, 0.70),
    trousers=(0.38, 0.30, 0.22),
    shoes=(0.25, 0.18, 0.14),
    long_sleeves=True,
    striped=True,
)
GREY = Outfit(
    shirt=(0.45, 0.46, 0.48), trousers=(0.33, 0.34, 0.36), shoes=(0.7, 0.7, 0.7), long_sleeves=True
)
GREEN = Outfit(
    skin=(0.60, 0.42, 0.32),
    hair=(0.08, 0.07, 0.07),
    shirt=(0.15, 0.42, 0.24),
    trousers=(0.55, 0.50, 0.40),
    shoes=(0.12, 0.12, 0.12),
)
PLAIN = Outfit()
