# A PIN that is asked for at the terminal: read without echo and shown nowhere; no PIN, the end of input and a PIN that is too long are
# refused; Ctrl-C, Ctrl-Z and a signal from outside leave the terminal as it was.
scripts=$(realpath "$(dirname "$0")")
source "$scripts/home.sh"
expect 0 antin init
sed -i 's|^"seals" = .*|"seals" = "prompt"|' "$ANTIN_HOME/antin.toml"
/usr/bin/python3 "$scripts/pin_prompt.py" "$program" "$ANTIN_HOME/service/pins/seals.pin"
