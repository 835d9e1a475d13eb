"""The cheapest plan that keeps named measures within limits, and what stands beside it.

    cells of a grid -> Bank (runs on demand) -> draws (chance removed) -> ranking, chance, cheapest, pareto, shadow -> tables, words

Nothing is searched: every option of the grid is run and judged, with the same chance for all (common random numbers).
`ranking` selects the best of a finite set with a promised probability, `chance` says which options keep the limits with
a stated probability, `cheapest` puts the two together, `pareto` and `shadow` describe what is traded for what.
"""
