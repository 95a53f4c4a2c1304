"""Finishing tools on actions: a figure's motion as it is seen, as a take and back."""
