"""Every address of the desk: who may come is said by the pages themselves."""

from web.auth import PUBLIC
from web.desk import (
    accounts,
    announcements,
    barriers,
    block_lists,
    emojis,
    log,
    reports,
    roles,
    rules,
    servers,
    texts,
)
from web.routing import Row

DESK: list[Row] = [
    Row("GET", "/desk", reports.index, PUBLIC),
    Row("GET", "/desk/reports/{id}", reports.show, PUBLIC),
    Row("POST", "/desk/reports/{id}", reports.change, PUBLIC),
    Row("GET", "/desk/accounts", accounts.index, PUBLIC),
    Row("GET", "/desk/accounts/{id}", accounts.show, PUBLIC),
    Row("POST", "/desk/accounts/{id}", accounts.change, PUBLIC),
    Row("GET", "/desk/presets", log.presets, PUBLIC),
    Row("POST", "/desk/presets", log.change_presets, PUBLIC),
    Row("GET", "/desk/log", log.show, PUBLIC),
    Row("GET", barriers.PATH, barriers.show, PUBLIC),
    Row("POST", barriers.PATH, barriers.change, PUBLIC),
    # what members read here and write with
    Row("GET", announcements.PATH, announcements.index, PUBLIC),
    Row("POST", announcements.PATH, announcements.create, PUBLIC),
    Row("GET", f"{announcements.PATH}/{{id}}", announcements.show, PUBLIC),
    Row("POST", f"{announcements.PATH}/{{id}}", announcements.change, PUBLIC),
    Row("GET", emojis.PATH, emojis.index, PUBLIC),
    Row("POST", emojis.PATH, emojis.change, PUBLIC),
    Row("GET", emojis.FOREIGN, emojis.index_foreign, PUBLIC),
    Row("POST", emojis.FOREIGN, emojis.copy, PUBLIC),
    Row("GET", rules.PATH, rules.index, PUBLIC),
    Row("POST", rules.PATH, rules.create, PUBLIC),
    Row("GET", f"{rules.PATH}/{{id}}", rules.show, PUBLIC),
    Row("POST", f"{rules.PATH}/{{id}}", rules.change, PUBLIC),
    Row("GET", texts.PATH, texts.index, PUBLIC),
    Row("GET", texts.TERMS, texts.show_terms, PUBLIC),
    Row("POST", texts.TERMS, texts.change_terms, PUBLIC),
    Row("GET", f"{texts.PATH}/{{kind}}/{{language}}", texts.show, PUBLIC),
    Row("POST", f"{texts.PATH}/{{kind}}/{{language}}", texts.change, PUBLIC),
    # who may do what
    Row("GET", roles.PATH, roles.index, PUBLIC),
    Row("POST", roles.PATH, roles.create, PUBLIC),
    Row("GET", f"{roles.PATH}/{{id}}", roles.show, PUBLIC),
    Row("POST", f"{roles.PATH}/{{id}}", roles.change, PUBLIC),
    # other servers
    Row("GET", servers.PATH, servers.index, PUBLIC),
    Row("POST", servers.PATH, servers.create, PUBLIC),
    Row("GET", servers.ALLOWED, servers.index_allowed, PUBLIC),
    Row("POST", servers.ALLOWED, servers.change_allowed, PUBLIC),
    Row("GET", f"{servers.PATH}/{{id}}", servers.show, PUBLIC),
    Row("POST", f"{servers.PATH}/{{id}}", servers.change, PUBLIC),
    Row("GET", block_lists.PATH, block_lists.show, PUBLIC),
    Row("POST", block_lists.PATH, block_lists.change, PUBLIC),
]
