#!/bin/sh
# Makes every secret of a new installation under secrets/, each once; those that are there stay. Needs openssl.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
once() { [ -s "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"; }
random() { openssl rand -hex 32; }

for name in yz_secret postgres_password owner_password pooler_password backup_password valkey_password metrics_token; do
    once "$name" "$(random)"
done
once owner_url "postgres://yz_owner:$(cat secrets/owner_password)@postgres:5432/yz"
once redis_url "redis://:$(cat secrets/valkey_password)@valkey:6379/0"
# Each is handed to the containers that name it, whose users must be able to read it; the folder is closed to others.
chmod 644 secrets/*
chmod 700 secrets
echo "secrets/ is ready. Keep a copy of it apart: without yz_secret no login fits and no dump is trusted."
