// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// shellPath asks for a shell in the first replica of web with neither terminal nor input; changes are NAME=value.
func shellPath(command string, changes ...string) string {
	query := url.Values{"service": {"web"}, "podIndex": {"0"}, "tty": {"0"}, "stdin": {"0"}}
	for i, word := range strings.Split(command, " ") {
		query.Set("cmd"+strconv.Itoa(i), word)
	}
	for _, change := range changes {
		name, value, _ := strings.Cut(change, "=")
		query.Set(name, value)
	}
	return "/lease/1/1/1/shell?" + query.Encode()
}

// frames reads a shell to its end: what came on each channel, put together.
func frames(t *testing.T, conn *websocket.Conn) map[byte]string {
	t.Helper()
	out := map[byte]string{}
	for {
		kind, frame, err := conn.ReadMessage()
		if err != nil {
			require.Equal(t, endedAbruptly, err.Error())
			return out
		}
		require.Equal(t, websocket.BinaryMessage, kind)
		require.NotEmpty(t, frame)
		out[frame[0]] += string(frame[1:])
	}
}

const (
	stdout, stderr, result, failure, stdin, resize = 100, 101, 102, 103, 104, 105

	succeeded = "{\"exit_code\":0}\n"
)

func TestShell_commands(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	for _, c := range []struct {
		path string
		want map[byte]string
	}{
		{shellPath("echo a b"), map[byte]string{stdout: "a b\n", result: succeeded}},
		{shellPath("printenv FOO AKASH_OWNER AKASH_DEPLOYMENT_SEQUENCE AKASH_PROVIDER"), map[byte]string{
			stdout: "bar\n" + tenant.address + "\n1\n" + w.Address() + "\n", result: succeeded,
		}},
		{shellPath("cat /none"), map[byte]string{
			stderr: "cat: /none: No such file or directory\n", result: "{\"exit_code\":1}\n",
		}},
		{shellPath("cat"), map[byte]string{result: succeeded}},
		{
			shellPath("sh -c echo", "cmd2=echo out; echo err >&2; exit 3"),
			map[byte]string{stdout: "out\n", stderr: "err\n", result: "{\"exit_code\":3}\n"},
		},
		{
			shellPath("sh -c echo", "cmd2=echo out; echo err >&2; exit 3", "tty=1"),
			map[byte]string{stdout: "out\r\nerr\r\n", result: "{\"exit_code\":3}\n"},
		},
		{shellPath("nosuch"), map[byte]string{result: `{"exit_code":0,"message":"remote command execute error: ` +
			`command could not be executed because it does not exist"}` + "\n"}},
		{shellPath("echo", "podIndex=1"), map[byte]string{result: `{"exit_code":0,"message":` +
			`"remote command execute error: pod index out of range: valid range is [0, 0]"}` + "\n"}},
		{shellPath("echo", "service=other"), map[byte]string{
			result: `{"exit_code":0,"message":"kube: no service for that lease"}` + "\n",
		}},
		{strings.Replace(shellPath("echo"), "/lease/1/", "/lease/2/", 1), map[byte]string{result: succeeded}},
	} {
		require.Equal(t, c.want, frames(t, open(t, w, tenant, c.path)), c.path)
	}
	w.SetFaults(akashprovider.Faults{NeverReady: true, FailShells: 1})
	require.Equal(t, map[byte]string{failure: ""}, frames(t, open(t, w, tenant, shellPath("echo"))))
	require.Equal(t, map[byte]string{result: `{"exit_code":0,"message":"no active replicase for service"}` + "\n"},
		frames(t, open(t, w, tenant, shellPath("echo"))))
}

func TestShell_badQueries(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	for _, change := range []string{
		"cmd0=", "tty=", "stdin=", "service=", "podIndex=", "podIndex=-1", "podIndex=x", "podIndex=2147483648",
	} {
		_, got := dial(t, w, tenant.certificate, shellPath("echo", change), nil)
		require.Equal(t, http.StatusBadRequest, got.status, change)
		require.Empty(t, got.body)
		require.Empty(t, got.contentType)
	}
	status, text := call(t, w, tenant, http.MethodPost, shellPath("echo"), nil)
	require.Equal(t, http.StatusBadRequest, status, "any method finds the route, but this is no websocket")
	require.Equal(t, "Bad Request", text)
}

// send sends frames, each with its first byte.
func send(t *testing.T, conn *websocket.Conn, list ...string) {
	t.Helper()
	for _, frame := range list {
		require.NoError(t, conn.WriteMessage(websocket.BinaryMessage, []byte(frame)))
	}
}

func frame(code byte, payload string) string { return string([]byte{code}) + payload }

func TestShell_input(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)

	conn := open(t, w, tenant, shellPath("sh", "stdin=1"))
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte("hecho ignored\n")))
	send(t, conn, "", frame(stdin, "ec"), frame(stdin, ""), frame(resize, "\x00\x50\x00\x19"))
	send(t, conn, frame(stdin, "ho hi\nexit 5\n"))
	require.Equal(t, map[byte]string{stdout: "hi\n", result: "{\"exit_code\":5}\n"}, frames(t, conn))

	conn = open(t, w, tenant, shellPath("cat", "stdin=1"))
	send(t, conn, frame(stdin, "one"))
	require.Equal(t, frame(stdout, "one"), next(t, conn), "at once, not at the end")
	require.NoError(t, conn.Close())

	conn = open(t, w, tenant, shellPath("sh", "stdin=1", "tty=1"))
	send(t, conn, frame(resize, "\x00\x50\x00\x19"), frame(stdin, "stty size\r"), frame(stdin, "exit\r"))
	shown := frames(t, conn)
	require.Contains(t, shown[stdout], "25 80\r\n")
	require.NotContains(t, shown, byte(stderr))
	require.Equal(t, succeeded, shown[result])

	conn = open(t, w, tenant, shellPath("cat", "stdin=1", "tty=1"))
	send(t, conn, frame(stdin, "\x03"))
	require.Equal(t, map[byte]string{stdout: "^C\r\n", result: "{\"exit_code\":130}\n"}, frames(t, conn))

	// After a frame that is not understood nothing is heard.
	for _, strange := range []string{frame(99, "x"), frame(resize, "\x00\x50\x00")} {
		conn = open(t, w, tenant, shellPath("cat", "stdin=1"))
		send(t, conn, frame(stdin, "heard"), strange, frame(stdin, "unheard"))
		require.Equal(t, frame(stdout, "heard"), next(t, conn))
		require.NoError(t, conn.Close())
	}
	require.NoError(t, w.Close(), "commands end with their clients")
}

func TestShell_duringUpdate(t *testing.T) {
	t.Parallel()
	w, tenant := running(t)
	show := func() string { return frames(t, open(t, w, tenant, shellPath("printenv FOO")))[stdout] }
	require.Equal(t, "bar\n", show())
	w.SetFaults(akashprovider.Faults{SlowReadyBlocks: 2})
	w.settle(t, 3)
	update(t, w, tenant, updatedEnv)
	var seen []string
	for range 5 {
		seen = append(seen, show())
		w.settle(t, 1)
	}
	require.Equal(t, []string{"bar\n", "updated\n"}, slices.Compact(seen), "the old one serves until the new one is ready")
}

func FuzzShellFrames(f *testing.F) {
	f.Add([]byte("\x06\x68echo\r\x05\x69\x00\x50\x00\x19\x02\x68\x04\x01\x63"), true)
	f.Add([]byte("\x03\x68\x03a\x00\x02\x69\x01"), false)
	f.Fuzz(func(t *testing.T, script []byte, tty bool) {
		for _, out := range akashprovider.PlayFrames(script, tty) {
			require.NotEmpty(t, out)
			require.Contains(t, []byte{stdout, stderr}, out[0])
			require.False(t, tty && out[0] == stderr, "a terminal has one channel")
		}
	})
}
