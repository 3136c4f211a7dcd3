"""What Overflight costs, beside what a team would take instead: `make bench`.

The harness uses public seams alone (stories, acts, the tick, pages, commands), so that the same
rows can be run before and after a change inside. `ours` measures Overflight, `peers` the others in
an environment of their own; `rows` is the table: what is measured, and the goals.
"""
