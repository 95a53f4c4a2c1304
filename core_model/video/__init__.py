"""Clips: pictures with their times, from video files and folders of pictures."""
