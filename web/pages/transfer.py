"""Pages on which members bring along what they had elsewhere, and take along what is here."""

import shutil

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from server.errors import Invalid, NotFound, TooLarge, TooMany
from server.scratch import scratch_folder
from server.store import archives, exports, filters, imports
from server.store.sessions import Session
from server.transfer import archive, filter_file, old_posts, tables
from server.transfer import imports as transfer
from web.pages.forms import PageForm, read_form
from web.pages.rendering import render
from web.pages.settings import for_movers
from web.request import Request

EXPORT = "/settings/export"
IMPORT = "/settings/imports"
_KINDS = (*tables.KINDS, filter_file.KIND, "statuses")


class ImportForm(PageForm):
    """A file, what it holds, and whether what it does not name shall end."""

    kind: str = ""
    mode: str = "merge"
    data: UploadFile | None = None


@for_movers
async def show_export(request: Request, session: Session) -> Response:
    """What can be taken along."""
    return await _export(request, session)


@for_movers
async def request_archive(request: Request, session: Session) -> Response:
    """Have an archive made."""
    await read_form(request, PageForm)
    try:
        await archive.request_archive(request.runtime, session.account_id)
    except TooMany:
        return await _export(request, session, "transfer.too_often")
    return RedirectResponse(EXPORT, 303)


@for_movers
async def show_archive(request: Request, session: Session) -> Response:
    """The archive itself, for its owner alone."""
    archive_id = request.path_id()
    found = await archives.get_ready(request.runtime.db, archive_id, session.account_id)
    size, chunks = await request.runtime.media.stream(found.file)
    name = f"archive-{found.created_at:%Y%m%d}-{session.username}.zip"
    headers = {**_download(name), "Content-Length": str(size)}
    return StreamingResponse(chunks, 200, headers, "application/zip")


@for_movers
async def show_table(request: Request, session: Session) -> Response:
    """One of the lists as Mastodon's CSV, and the filters as its JSON."""
    name = request.path_params["name"]
    if name == filter_file.FILE_NAME:
        return await _filters(request, session)
    kind = next((k for k, one in tables.KINDS.items() if one.file_name == name), None)
    if kind is None:
        raise NotFound
    domain = request.addresses.domain
    rows = await exports.list_rows(request.runtime.db, kind, session.account_id, domain)
    return _csv(tables.write_table(kind, rows), name)


async def _filters(request: Request, session: Session) -> Response:
    db = request.runtime.db
    text = filter_file.write_filters(
        await filters.list_filters(db, [session.account_id]),
        await exports.list_filtered_uris(db, session.account_id),
    )
    return Response(text, 200, _download(filter_file.FILE_NAME), media_type="application/json")


@for_movers
async def show_imports(request: Request, session: Session) -> Response:
    """The form, and the last imports."""
    return await _imports(request, session)


@for_movers
async def upload(request: Request, session: Session) -> Response:
    """Read a file; nothing happens before it is confirmed."""
    form = await read_form(request, ImportForm)
    if form.data is None or form.kind not in _KINDS:
        return await _imports(request, session, "transfer.no_file")
    try:
        made = await _begin(request, session, form, form.data)
    except TooLarge:
        return await _imports(request, session, "transfer.too_large")
    except Invalid:
        return await _imports(request, session, "transfer.unreadable")
    return RedirectResponse(f"{IMPORT}/{made}", 303)


@for_movers
async def show_import(request: Request, session: Session) -> Response:
    """One import: to be confirmed, under way, or done."""
    import_id = request.path_id()
    found = await imports.get_import(request.runtime.db, import_id, session.account_id)
    return render(
        request, "import.html", session=session, found=found, is_table=found.kind in tables.KINDS
    )


@for_movers
async def confirm(request: Request, session: Session) -> Response:
    """Begin."""
    import_id = request.path_id()
    await read_form(request, PageForm)
    await transfer.confirm_import(request.runtime, session.account_id, import_id)
    return RedirectResponse(f"{IMPORT}/{import_id}", 303)


@for_movers
async def cancel(request: Request, session: Session) -> Response:
    """Forget an import that was not confirmed, or the report of one that is done."""
    import_id = request.path_id()
    await read_form(request, PageForm)
    found = await imports.get_import(request.runtime.db, import_id, session.account_id)
    await request.runtime.media.delete(await imports.delete_import(request.runtime.db, found.id))
    return RedirectResponse(IMPORT, 303)


@for_movers
async def failures(request: Request, session: Session) -> Response:
    """The rows that failed, in the form in which they came."""
    import_id = request.path_id()
    found = await imports.get_import(request.runtime.db, import_id, session.account_id)
    if found.kind not in tables.KINDS:
        raise NotFound
    rows = await imports.list_rows(request.runtime.db, import_id, failed=True)
    names = [name for _, name in tables.KINDS[found.kind].columns]
    text = tables.write_table(
        found.kind, [[row[name] for name in names] for row in rows], has_header=True
    )
    return _csv(text, f"{tables.KINDS[found.kind].file_name[:-4]}_failures.csv")


async def _begin(request: Request, session: Session, form: ImportForm, data: UploadFile) -> int:
    """Raises Invalid for a file that is not what it is said to be."""
    name = data.filename or ""
    if form.kind != "statuses":
        return await transfer.begin_import(
            request.runtime,
            session.account_id,
            form.kind,
            name,
            await data.read(),
            overwrite=form.mode == "overwrite",
        )
    with scratch_folder() as folder:
        path = folder / "archive"
        with path.open("wb") as file:
            await request.runtime.offload(shutil.copyfileobj, data.file, file)
        return await old_posts.begin_posts_import(request.runtime, session.account_id, name, path)


async def _export(request: Request, session: Session, problem: str | None = None) -> Response:
    db, domain = request.runtime.db, request.addresses.domain
    return render(
        request,
        "export.html",
        422 if problem else 200,
        session=session,
        files={kind: one.file_name for kind, one in tables.KINDS.items()}
        | {filter_file.KIND: filter_file.FILE_NAME},
        counts=await exports.count_rows(db, session.account_id, domain)
        | {filter_file.KIND: await filters.count_filters(db, session.account_id)},
        archives=await archives.list_archives(db, session.account_id),
        problem=problem,
    )


async def _imports(request: Request, session: Session, problem: str | None = None) -> Response:
    return render(
        request,
        "imports.html",
        422 if problem else 200,
        session=session,
        kinds=_KINDS,
        imports=await imports.list_imports(request.runtime.db, session.account_id),
        problem=problem,
    )


def _csv(text: str, name: str) -> Response:
    return Response(text, 200, _download(name), media_type="text/csv; charset=utf-8")


def _download(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
