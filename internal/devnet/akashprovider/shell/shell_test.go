// SPDX-License-Identifier: Apache-2.0

package shell_test

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/shell"
)

var container = shell.Container{Hostname: "web-0", Env: []string{"FOO=bar", "EMPTY=", "URL=a=b", "FOO=last"}}

// run runs a command with plain pipes.
func run(t *testing.T, in string, argv ...string) (out, fail string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code, err := container.Run(argv, shell.Streams{In: strings.NewReader(in), Out: &stdout, Err: &stderr})
	require.NoError(t, err)
	return stdout.String(), stderr.String(), code
}

func TestRun_commands(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		argv    []string
		in, out string
		fail    string
		code    int
	}{
		{argv: []string{"echo", "a", "b  c"}, out: "a b  c\n"},
		{argv: []string{"/bin/echo", "-n", "a"}, out: "a"},
		{argv: []string{"cat"}, in: "x\ny", out: "x\ny"},
		{argv: []string{"cat", "/etc/hostname", "-"}, in: "in", out: "web-0\nin"},
		{argv: []string{"cat", "/etc/shadow"}, fail: "cat: /etc/shadow: No such file or directory\n", code: 1},
		{argv: []string{"env"}, out: "FOO=bar\nEMPTY=\nURL=a=b\nFOO=last\n"},
		{argv: []string{"printenv", "URL", "FOO"}, out: "a=b\nlast\n"},
		{argv: []string{"printenv", "EMPTY"}, out: "\n"},
		{argv: []string{"printenv", "NONE"}, code: 1},
		{argv: []string{"hostname"}, out: "web-0\n"},
		{argv: []string{"pwd"}, out: "/\n"},
		{argv: []string{"true"}},
		{argv: []string{"false"}, code: 1},
		{argv: []string{"tty"}, out: "not a tty\n", code: 1},
		{argv: []string{"stty", "size"}, fail: "stty: 'standard input': Inappropriate ioctl for device\n", code: 1},
		{argv: []string{"sh", "script.sh"}, fail: "sh: only 'sh' and 'sh -c SCRIPT' are simulated\n", code: 2},
		{argv: []string{"sh"}, in: "echo 1\nexit 7\necho 2\n", out: "1\n", code: 7},
		{argv: []string{"sh"}, in: "cat\nrest", out: "rest"},
		{argv: []string{"bash"}, in: "nosuch", fail: "sh: nosuch: not found\n", code: 127},
	} {
		t.Run(strings.Join(c.argv, " "), func(t *testing.T) {
			t.Parallel()
			out, fail, code := run(t, c.in, c.argv...)
			require.Equal(t, c.out, out)
			require.Equal(t, c.fail, fail)
			require.Equal(t, c.code, code)
		})
	}
}

func TestRun_scripts(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]struct {
		out, fail string
		code      int
	}{
		`echo oops >&2; exit 3`:                    {fail: "oops\n", code: 3},
		`echo a 1>&2 && echo b`:                    {out: "b\n", fail: "a\n"},
		`cat none 2>&1`:                            {out: "cat: none: No such file or directory\n", code: 1},
		`false || echo rescued && echo on`:         {out: "rescued\non\n"},
		`true || echo no; false && echo no`:        {code: 1},
		`false; echo $?`:                           {out: "1\n"},
		`echo "$FOO-${URL}" '$FOO' \$FOO $NONE.`:   {out: "last-a=b $FOO $FOO .\n"},
		`X=1; export Y=2; echo $X$Y; printenv Y`:   {out: "12\n2\n"},
		"# a comment\necho a # another\n\n echo b": {out: "a\nb\n"},
		`echo ""x'' "a;b" a#b`:                     {out: "x a;b a#b\n"},
		"false ||\n echo next":                     {out: "next\n"},
		`sh -c 'exit 300'; echo $?`:                {out: "44\n"},
		`exit x`:                                   {fail: "sh: exit: Illegal number: x\n", code: 2},
		`echo "open`:                               {fail: "sh: syntax error: unterminated quoted string\n", code: 2},
		`echo a | cat`:                             {fail: "sh: syntax error: '|' is not simulated\n", code: 2},
		`echo $(hostname)`:                         {fail: "sh: syntax error: '$(' is not simulated\n", code: 2},
		`echo ${FOO:-x}`:                           {fail: "sh: syntax error: bad substitution\n", code: 2},
		`&& echo`:                                  {fail: "sh: syntax error: a command is missing\n", code: 2},
		`echo &&`:                                  {fail: "sh: syntax error: a command is missing\n", code: 2},
		``:                                         {},
		`"$NONE"`:                                  {fail: "sh: : not found\n", code: 127},
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			out, fail, code := run(t, "", "sh", "-c", script)
			require.Equal(t, want.out, out)
			require.Equal(t, want.fail, fail)
			require.Equal(t, want.code, code)
		})
	}
}

func TestRun_notFound(t *testing.T) {
	t.Parallel()
	for _, argv := range [][]string{nil, {""}, {"rm", "-rf", "/"}, {"/sbin/echo"}, {"./echo"}} {
		_, err := container.Run(argv, shell.Streams{Out: io.Discard, Err: io.Discard})
		require.ErrorIs(t, err, shell.ErrNotFound)
	}
}

// screen is what a terminal shows.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, keys, shown string
		argv              []string
		code              int
	}{
		{
			name: "sh", argv: []string{"sh"}, keys: "echo oops >&2\rstty size\nexit 4\r",
			shown: "echo oops >&2\r\nstty size\r\nexit 4\r\n# oops\r\n# 25 80\r\n# ", code: 4,
		},
		{name: "cat ends with Ctrl-D", argv: []string{"cat"}, keys: "ab\x7fc\r\x04", shown: "ab\b \bc\r\nac\r\n"},
		{name: "cat ends with Ctrl-C", argv: []string{"cat"}, keys: "ab\x03", shown: "ab^C\r\n", code: 130},
		{name: "tty", argv: []string{"tty"}, shown: "/dev/pts/0\r\n"},
		{name: "stty", argv: []string{"stty", "-a"}, shown: "stty: only 'stty size' is simulated\r\n", code: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var shown screen
			terminal := shell.NewTerminal(&shown)
			terminal.Resize(80, 25)
			terminal.Feed([]byte(c.keys))
			code, err := container.Run(c.argv, shell.Streams{In: terminal, Out: terminal, Err: terminal, Terminal: terminal})
			require.NoError(t, err)
			require.Equal(t, c.code, code)
			require.Equal(t, c.shown, shown.String())
		})
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	in := shell.NewInput()
	require.True(t, in.Feed([]byte("abc")))
	require.False(t, in.Feed(make([]byte, 1<<20)), "too much waits")
	in.Close()
	require.False(t, in.Feed([]byte("d")), "closed")
	text, err := io.ReadAll(in)
	require.NoError(t, err)
	require.Equal(t, "abc", string(text))
}

func FuzzScript(f *testing.F) {
	for _, script := range []string{`echo "a$FOO" >&2 && exit 3`, "a\\\n'", "${A}`$(", "cat\nx", "sh -c 'sh'"} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		var first, second bytes.Buffer
		a, errA := container.Run([]string{"sh", "-c", script}, shell.Streams{Out: &first, Err: &first})
		b, errB := container.Run([]string{"sh", "-c", script}, shell.Streams{Out: &second, Err: &second})
		require.NoError(t, errA)
		require.NoError(t, errB)
		require.Equal(t, a, b, "the same answer to the same input")
		require.True(t, 0 <= a && a < 256)
		require.Equal(t, first.String(), second.String())
	})
}

func FuzzTerminal(f *testing.F) {
	f.Add([]byte("echo a\r\x7f\x03\x04exit\r"))
	f.Fuzz(func(t *testing.T, keys []byte) {
		terminal := shell.NewTerminal(io.Discard)
		terminal.Feed(keys)
		terminal.Close()
		_, err := container.Run([]string{"sh"}, shell.Streams{
			In: terminal, Out: terminal, Err: terminal, Terminal: terminal,
		})
		require.NoError(t, err)
	})
}
