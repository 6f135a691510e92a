"""Work to be done by the worker: one row a job, claimed with a lease, deleted when done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from server.store.database import Database

# A worker renews its claims every third of this; what a dead one held is free after it.
LEASE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be written; `once_key` keeps equal waiting jobs to one."""

    name: str
    args: list[Any]
    once_key: str | None = None
    run_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `tries` counts this one."""

    id: int
    name: str
    args: list[Any]
    tries: int


async def insert_jobs(db: Database, new: Sequence[NewJob]) -> None:
    """Write jobs in one statement; those whose once_key waits already are left out."""
    await db.execute(
        """
        INSERT INTO jobs (name, args, once_key, run_at)
        SELECT name, args::jsonb, once_key, coalesce(run_at, now())
        FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
            AS new (name, args, once_key, run_at)
        ON CONFLICT ON CONSTRAINT jobs_once_unique DO NOTHING
        """,
        [job.name for job in new],
        [orjson.dumps(job.args).decode() for job in new],
        [job.once_key for job in new],
        [job.run_at for job in new],
    )


async def put_off_job(db: Database, job: NewJob) -> None:
    """Write a job with a once_key, or let the one that waits run at another time."""
    await db.execute(
        """
        INSERT INTO jobs (name, args, once_key, run_at) VALUES ($1, $2, $3, coalesce($4, now()))
        ON CONFLICT ON CONSTRAINT jobs_once_unique DO UPDATE SET run_at = excluded.run_at
        """,
        job.name,
        job.args,
        job.once_key,
        job.run_at,
    )


async def drop_job(db: Database, once_key: str) -> None:
    """What waits with that key is not to be done any more."""
    await db.execute("DELETE FROM jobs WHERE once_key = $1", once_key)


async def claim_jobs(db: Database, worker: UUID, names: Sequence[str], limit: int) -> list[Job]:
    """Take up to `limit` due jobs of these names, oldest first.

    The once_key is given up here: what is enqueued from now on may find something new to do.
    """
    rows = await db.fetch(
        """
        -- Name by name, each in the order of the index: all due ones of several names would be
        -- sorted anew for each claim. Materialized: as a plain subquery it may run once a row,
        -- and each run takes others.
        WITH due AS MATERIALIZED (
            SELECT waiting.id FROM unnest($2::text[]) AS wanted (name), LATERAL (
                SELECT id, run_at FROM jobs
                WHERE name = wanted.name AND run_at <= now() AND failed_at IS NULL
                  AND (claimed_until IS NULL OR claimed_until < now())
                ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) AS waiting
            ORDER BY waiting.run_at, waiting.id LIMIT $3)
        UPDATE jobs SET claimed_by = $1, tries = tries + 1, once_key = NULL,
               claimed_until = now() + make_interval(secs => $4)
        WHERE id = ANY(ARRAY(SELECT id FROM due))
        RETURNING id, name, args, tries
        """,
        worker,
        list(names),
        limit,
        float(LEASE_SECONDS),
    )
    return [Job(**row) for row in sorted(rows, key=lambda row: row["id"])]


async def renew_claims(db: Database, worker: UUID) -> None:
    """Say that this worker is alive and still holds what it claimed."""
    await db.execute(
        """
        WITH held AS (
            UPDATE deliveries SET claimed_until = now() + make_interval(secs => $2)
            WHERE claimed_by = $1)
        UPDATE jobs SET claimed_until = now() + make_interval(secs => $2) WHERE claimed_by = $1
        """,
        worker,
        float(LEASE_SECONDS),
    )


async def release_claims(db: Database, worker: UUID) -> None:
    """Give back what this worker did not finish, at once, when it stops in order."""
    await db.execute(
        """
        WITH held AS (
            UPDATE deliveries SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1)
        UPDATE jobs SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1
        """,
        worker,
    )


async def delete_jobs(db: Database, ids: Sequence[int]) -> None:
    """Done."""
    await db.execute("DELETE FROM jobs WHERE id = ANY($1)", list(ids))


async def postpone_job(
    db: Database, worker: UUID, job_id: int, delay_seconds: float, error: str
) -> None:
    """Try again later, if it is still this worker's: who outslept the lease has lost it."""
    await db.execute(
        """
        UPDATE jobs SET claimed_by = NULL, claimed_until = NULL, error = $3,
               run_at = now() + make_interval(secs => $4)
        WHERE id = $2 AND claimed_by = $1
        """,
        worker,
        job_id,
        error,
        delay_seconds,
    )


async def fail_job(db: Database, worker: UUID, job_id: int, error: str) -> None:
    """Give up, if it is still this worker's; the row stays for `doctor` to show."""
    await db.execute(
        """
        UPDATE jobs SET claimed_by = NULL, claimed_until = NULL, error = $3, failed_at = now()
        WHERE id = $2 AND claimed_by = $1
        """,
        worker,
        job_id,
        error,
    )
