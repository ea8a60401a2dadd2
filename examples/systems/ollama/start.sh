# Serves, and pulls what is not on the volume yet. Models answer one by one as they arrive.
ollama serve &
until ollama list >/dev/null 2>&1; do sleep 1; done
for model in $MODELS; do ollama pull "$model"; done
wait
