#!/bin/sh
# A base backup every night at two, verified byte by byte, with the stored files; the oldest beyond YZ_BACKUP_KEEP go,
# and the WAL that only they needed. `backup.sh once` makes one now and ends; its exit status tells.
set -eu
umask 077

make() {
    PGPASSWORD=$(cat "$YZ_PASSWORD_FILE"); export PGPASSWORD
    name=$(date -u +%Y%m%dT%H%M%SZ)
    part="$YZ_BACKUP_DIR/.$name.part"
    rm -rf "$YZ_BACKUP_DIR"/.*.part
    mkdir -p "$part"
    pg_basebackup --pgdata "$part/data" --wal-method=stream --checkpoint=fast --manifest-checksums=SHA256 --no-password
    pg_verifybackup --quiet "$part/data"
    # After the database: a file that a row names is then in the copy.
    mkdir -p "$part/files"
    cp -a "$YZ_FILES_DIR/." "$part/files/"
    sync
    mv "$part" "$YZ_BACKUP_DIR/$name"
    echo "backup $name made and verified"
    prune
}

prune() {
    held=$(find "$YZ_BACKUP_DIR" -mindepth 1 -maxdepth 1 -type d -name '2*Z' | sort)
    surplus=$(( $(printf '%s\n' "$held" | wc -l) - YZ_BACKUP_KEEP ))
    if [ "$surplus" -gt 0 ]; then
        printf '%s\n' "$held" | head -n "$surplus" | while read -r old; do rm -rf "$old"; echo "removed $old"; done
    fi
    oldest=$(find "$YZ_BACKUP_DIR" -mindepth 1 -maxdepth 1 -type d -name '2*Z' | sort | head -n 1)
    needed=$(sed -n 's/^START WAL LOCATION:.*(file \([0-9A-F]*\)).*/\1/p' "$oldest/data/backup_label")
    pg_archivecleanup "$YZ_ARCHIVE_DIR" "$needed"
}

if [ "${1:-}" = once ]; then
    make
    exit
fi
while :; do
    now=$(date -u +%s)
    sleep $(( 86400 - (now - 18 * 3600) % 86400 ))   # 02:00 in Shanghai
    make || echo "backup failed" >&2
done
