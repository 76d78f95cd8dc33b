"""How Airflow is run on one machine: its environment, its processes, and one run over the sample landing zone."""
