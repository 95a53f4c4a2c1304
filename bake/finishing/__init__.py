"""What is done to takes as a whole: cut, join, mirror, retime, loop, place; numpy only."""
