# Finds a Python that is new enough and hands over to `python -m runtime COMMAND`.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 2
unset PYTHONHOME PYTHONSTARTUP
PYTHONPATH="$root:$root/platform"
export PYTHONPATH
seen=""
for candidate in python3 python3.13 python3.12 python3.11; do
    found=$(command -v "$candidate") || continue
    seen="$seen $candidate ($("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null))"
    "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    # -P: the folder the command is called from must not be searched for modules.
    exec "$found" -P -m runtime "$@"
done
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo "
echo "Python 3.11 or newer is needed; found:${seen:- none}." >&2
echo "Debian 12 and Ubuntu 24.04 have it:  ${sudo}apt-get install python3 python3-venv" >&2
exit 2
