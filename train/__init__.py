"""Weights out: data sets, augmentation, losses, the trainer, metrics and evaluation."""
