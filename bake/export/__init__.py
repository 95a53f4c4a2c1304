"""Out to engines and other programs: figures as files, through Blender's own exporters."""
