"""Prefect, and only here: order, schedule, retries, names and artifacts of the engine's passes, as thin shells over services.

Where things are: `assessment`, `anchoring`, `commitments`, `delivery`, `housekeeping` hold the flows; `stages` is the one task they
share; `registry` says what is deployed and when (it feeds `prefect.yaml` through `manifest`, and the embedded runner);
`server`, `scheduler`, `automations` are the embedded default of `ancrage serve`; `once` runs one flow for the demo.
Nothing here decides anything, and business truth is never read from Prefect.
"""
