"""Which parameters move an answer: tornado, Morris, Sobol (direct and through an emulator) and partial rank correlation.

Everything works on arrays: a `Problem` (what varies), a `Design` (points, in order), `Responses` (outcomes of each point,
replications apart) and `analyse`, which gives tidy rows. Nothing here knows a ward.
"""
