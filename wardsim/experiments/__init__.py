"""Running the ward many times: replications, the two estimands, the saved start, processes, intervals, the results
folder."""
