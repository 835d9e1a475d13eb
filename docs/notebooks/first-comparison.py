# %% [markdown]
# # A first comparison in a notebook
#
# One more registered nurse at night, funded or filled by bank, or training that is kept: what would each do to violence, to therapeutic contact and to
# cost? A percent script: it opens as a notebook in VS Code, Spyder and Jupyter (with jupytext), and runs as it is.
#
# `SIZE` says how much is run. With 20 runs of one year for each of four wards this takes some minutes on a laptop; too few to settle much, which the
# figures will show.

# %%
import wardsim

SIZE = {"years": 1, "replications": 20}
SHORTER = {}  # keys of every ward that make it quicker, for a first look: {"start.burn_in_weeks": 4}

# %% [markdown]
# ## The ward
#
# `wardsim.load` reads a file, or says everything that is wrong with it. Nothing can be changed in place: settings are laid over it.

# %%
ward = wardsim.load("scenarios/baseline.yaml")
print(ward.scenario.ward.beds, "beds;", ward.scenario.staffing.required.night.rn, "registered nurses at night")

try:
    wardsim.load("scenarios/baseline.yaml", {"staffing.required.night.nurses": 3})
except wardsim.ScenarioError as error:
    print(error)

# %% [markdown]
# ## The comparison
#
# The first ward is the reference. Options are named, each with the keys that it sets. All see the same patients, the same sickness and the same draws of
# what is not known.

# %%
result = wardsim.compare(
    "scenarios/baseline.yaml",
    {
        "Nurse at night, funded": {"staffing.funded_extra.night.rn": 1},
        "Nurse at night, by bank": {"staffing.by_bank_extra.night.rn": 1},
        "Training kept": {"training.release_rule": "always", "training.backfill": True, "training.protected": True},
    },
    overrides=SHORTER,
    **SIZE,
)
result

# %% [markdown]
# ## Numbers
#
# `low` and `high` are the 95% range of what the model does not know; `year_low` and `year_high` how one year may differ by chance; `mc_low` and `mc_high`
# the simulation error, which more runs would narrow.

# %%
differences = result.frame("differences")
shown = ["option", "label", "unit", "mean", "low", "high", "mc_low", "mc_high", "p_better"]
contact = differences.loc[differences["name"] == "one_to_one_min_per_patient_day", shown]
print(contact.to_string(index=False))

# %% [markdown]
# ## Figures
#
# `plot` draws any measure with its three ranges, or a figure of the report by its name.

# %%
figure = result.plot("assaults_true_per_1000_obd")
print(figure.title)
figure

# %%
print([one.name for one in result.figures])
result.plot("plane-one")

# %% [markdown]
# ## To pass on
#
# The report as one file, the values as CSV, a workbook (with `pip install 'wardsim[excel]'`), a draft of the STRESS-DES document.

# %%
print(result.report())
print(result.export("csv", "stress"))

# %% [markdown]
# ## The library
#
# Every finding that wardsim answers has a file to start from: `wardsim.compare("options/electronic-records")`.

# %%
shelf = wardsim.library()
print(shelf[["file", "rows"]].to_string(index=False))
