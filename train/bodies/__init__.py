"""Bodies as the losses and the databases see them: joints and other points, posed."""
