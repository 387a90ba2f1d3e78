"""Half a year of the example organisation on a virtual clock, through the same services as real life.

`script` says what happens by itself (readings, decisions, campaigns), `people` how each person reacts to what reaches them, `play`
moves the clock, `story` tells at the end what the database knows.
"""
