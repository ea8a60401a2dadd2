# Serves, and pulls what is not on the volume yet. Models answer one by one as they arrive.
ollama serve &
server=$!
until ollama list >/dev/null 2>&1; do
	kill -0 "$server" || exit 1
	sleep 1
done
for model in $MODELS; do
	ollama pull "$model" || echo "$model could not be pulled." >&2
done
wait "$server"
exit 1
