# Restores into an empty volume, serves it, and copies it to the bucket at intervals and when it is told to stop. What a
# copy replaces or removes in the bucket stays under history/ for as long as the bucket's own rules keep it.
set -eu
data=${DATA:-/data}
obscured=$(printf '%s' "$BACKUP_PASSPHRASE" | rclone obscure -)
unset BACKUP_PASSPHRASE
export RCLONE_CONFIG_VAULT_TYPE=crypt RCLONE_CONFIG_VAULT_REMOTE="s3:$BUCKET_PATH" RCLONE_CONFIG_VAULT_PASSWORD="$obscured"

copy() {
	rclone sync "$data" vault:current --exclude /.restored --backup-dir "vault:history/$(date -u +%Y-%m-%dT%H-%M-%SZ)"
}

# The mark is written once a restore has ended well. Without it nothing is copied: an empty folder must not become the
# newest backup.
mark=$data/.restored
if [ ! -e "$mark" ]; then
	until rclone mkdir vault:current && rclone copy vault:current "$data"; do # the first time there is nothing yet
		echo "The restore did not work, once more in a minute." >&2
		sleep 60
	done
	touch "$mark"
fi

rclone serve webdav "$data" --addr :8080 &
server=$!
while :; do
	copy || echo "This copy did not work, the next one is due in $INTERVAL_SECONDS s." >&2
	sleep "$INTERVAL_SECONDS"
done &
copier=$!
trap 'kill "$server" "$copier" || true; copy; exit 0' TERM
wait "$server" || true
kill "$copier"
exit 1
