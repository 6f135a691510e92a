"""The doctor's sentences in Dutch, by the English ones."""

DUTCH = {
    "All is well.": "Alles is in orde.",
    "To look at: {count}.": "Aantal punten om naar te kijken: {count}.",
    "Others on this machine can look into {folder}.": (
        "Anderen op deze machine kunnen in {folder} kijken."
    ),
    "Run: chmod 700 {folder}": "Voer uit: chmod 700 {folder}",
    "Only {gigabytes} GB of disk is free for {folder}.": (
        "Er is maar {gigabytes} GB schijfruimte vrij voor {folder}."
    ),
    "Make room, or move the folder to a larger disk: the database stops when it is full.": (
        "Maak ruimte of zet de map op een grotere schijf: de database stopt als die vol is."
    ),
    "{gigabytes} GB of disk is free.": "{gigabytes} GB schijfruimte is vrij.",
    "Port {port} is served by {owner}.": "Poort {port} wordt bediend door {owner}.",
    "Port {port} is taken by {owner}.": "Poort {port} is bezet door {owner}.",
    "Stop that, or choose another port for Wandelgang, like --port 3001.": (
        "Stop dat, of kies een andere poort voor Wandelgang, zoals --port 3001."
    ),
    "Wandelgang does not run: nothing answers on port {port}.": (
        "Wandelgang draait niet: niets antwoordt op poort {port}."
    ),
    "Start it with: make up, or: wandelgang up": "Start met: make up, of: wandelgang up",
    "The database does not answer: {error}.": "De database antwoordt niet: {error}.",
    "Check DATABASE_URL, and whether PostgreSQL runs.": (
        "Kijk DATABASE_URL na, en of PostgreSQL draait."
    ),
    "The database is PostgreSQL {version}.": "De database is PostgreSQL {version}.",
    "Wandelgang needs {least} or later.": "Wandelgang heeft {least} of later nodig.",
    "The database answers (PostgreSQL {version}).": "De database antwoordt (PostgreSQL {version}).",
    "The tables are not up to date: {count} migrations are missing.": (
        "De tabellen zijn niet bij: er ontbreken {count} migraties."
    ),
    "Run: wandelgang migrate (wandelgang up does it by itself).": (
        "Voer uit: wandelgang migrate (wandelgang up doet het vanzelf)."
    ),
    "The tables are up to date.": "De tabellen zijn bij.",
    "The clocks are {seconds} seconds apart.": "De klokken lopen {seconds} seconden uiteen.",
    "Let the machines set their clocks over the network (timedatectl set-ntp true): other"
    " instances refuse what is signed at a wrong time.": (
        "Laat de machines hun klok via het netwerk gelijkzetten (timedatectl set-ntp true): andere"
        " instanties weigeren wat op een verkeerde tijd is ondertekend."
    ),
    "The clock is right.": "De klok loopt gelijk.",
    "The queue answers.": "De wachtrij antwoordt.",
    "The queue does not answer.": "De wachtrij antwoordt niet.",
    "Check REDIS_URL, and whether Valkey or Redis runs.": (
        "Kijk REDIS_URL na, en of Valkey of Redis draait."
    ),
    "The name {host} is not known in DNS.": "De naam {host} is niet bekend in DNS.",
    "Ask whoever manages your network's names to let {host} point to this machine.": (
        "Vraag de beheerder van de namen in je netwerk om {host} naar deze machine te laten wijzen."
    ),
    "{host} is found at {found}.": "{host} is te vinden op {found}.",
    "{error}": "{error}",
    "See the files in {logs}.": "Kijk in de bestanden in {logs}.",
    "The certificate cannot be used: {error}.": "Het certificaat is niet te gebruiken: {error}.",
    "tls_cert must hold the certificate chain and tls_key its private key, both PEM and readable"
    " by us.": (
        "tls_cert moet de certificaatketen bevatten en tls_key de geheime sleutel, beide PEM en"
        " leesbaar voor ons."
    ),
    "The certificate of {host} is not trusted: {error}.": (
        "Het certificaat van {host} wordt niet vertrouwd: {error}."
    ),
    "Serve the whole chain. With a certificate authority of your own, name its file in"
    " federation_ca_file here and on the other instances.": (
        "Lever de hele keten. Met een eigen certificaatautoriteit: noem haar bestand in"
        " federation_ca_file, hier en op de andere instanties."
    ),
    "No TLS connection to {host}: {error}.": "Geen TLS-verbinding met {host}: {error}.",
    "Is the proxy (or wandelgang up with --tls-cert) running, and the port open?": (
        "Draait de proxy (of wandelgang up met --tls-cert), en is de poort open?"
    ),
    "{name} is not reached at {address}: {error}.": (
        "{name} is niet te bereiken op {address}: {error}."
    ),
    "Others cannot find you. Check the name, the port and the proxy.": (
        "Anderen kunnen je niet vinden. Kijk de naam, de poort en de proxy na."
    ),
    "{name} at {address} answers {status}.": "{name} op {address} antwoordt {status}.",
    "The proxy must hand /.well-known/ on to Wandelgang, with the Host header as it came.": (
        "De proxy moet /.well-known/ doorgeven aan Wandelgang, met de Host-header zoals die kwam."
    ),
    "{name} is reached at {origin}.": "{name} is te bereiken op {origin}.",
    "The certificate is for {host}.": "Het certificaat is voor {host}.",
    "The certificate is for {names}, not for {host}.": (
        "Het certificaat is voor {names}, niet voor {host}."
    ),
    "Get a certificate for {host}, or change the origin.": (
        "Vraag een certificaat voor {host} aan, of verander de origin."
    ),
    "The certificate expired on {day}.": "Het certificaat is verlopen op {day}.",
    "The certificate expires on {day}.": "Het certificaat verloopt op {day}.",
    "Renew the certificate before that day (certbot renew, or ask who gave it to you).": (
        "Vernieuw het certificaat voor die dag (certbot renew, of vraag wie het je gaf)."
    ),
    "The certificate is valid until {day}.": "Het certificaat is geldig tot {day}.",
}
