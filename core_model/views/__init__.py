"""Several clips of one performance: when, who and from where, and one motion that explains all."""
