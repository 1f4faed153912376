"""Printing, in a worker. Ids in, one call, safe to run twice."""

from parley.celery import app


@app.task(name="reports.render", time_limit=900)
def render_rendition(rendition: int) -> None:
    from .printing import print_rendition

    print_rendition(rendition)


@app.task(name="reports.render_waiting", time_limit=900)
def render_waiting() -> None:
    """What was queued while no worker ran, or whose worker died."""
    from .printing import print_waiting

    print_waiting()
