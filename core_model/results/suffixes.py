"""What the names of files with motion end in; needs nothing, so that menus know it at once."""

SUFFIXES = (".npz", ".npy", ".pkl", ".pk", ".pickle", ".joblib", ".pt", ".pth", ".smpl")
