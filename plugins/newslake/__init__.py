"""Newslake: raw news articles in, validated Hive-partitioned Parquet out.

The way of the data, module by module: `landing` → `decoding` → `blocks` → `articles` → `rows` → `quality` → `commit` →
`lake`; `pipeline` has the stages in order, `cli` the command line. Nothing here imports Airflow.
"""

__version__ = "0.1.0"
