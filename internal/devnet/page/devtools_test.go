// SPDX-License-Identifier: Apache-2.0

//go:build browser

package page_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browserVariable names a Chromium, as internal/tools/chromium.sh finds or gets one.
const browserVariable = "AKASH_TEST_BROWSER"

// answerWithin is how long one command to the browser may take.
const answerWithin = 20 * time.Second

// tab is one page of a headless browser, driven over a pipe by the Chrome DevTools protocol: a port would be open to
// everybody on the machine.
type tab struct {
	t       *testing.T
	session string
	toTab   io.Writer

	mu       sync.Mutex
	next     int
	waiting  map[int]chan message
	problems []string      // what the browser complains of
	requests []string      // addresses it has asked for
	loaded   chan struct{} // gets one for each page that has loaded
}

type message struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

// openTab starts a browser; it ends with the test.
func openTab(t *testing.T, flags ...string) *tab {
	t.Helper()
	binary := os.Getenv(browserVariable)
	require.NotEmpty(t, binary, "%s names no browser: run \"make test-browser\"", browserVariable)
	fromTest, toBrowser, err := os.Pipe()
	require.NoError(t, err)
	fromBrowser, toTest, err := os.Pipe()
	require.NoError(t, err)
	args := append([]string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "--no-first-run", "--hide-scrollbars",
		// It shows our own page only, and the sandbox cannot be had as root or in most containers.
		"--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
	}, flags...)
	cmd := exec.CommandContext(t.Context(), binary, append(args, "about:blank")...)
	cmd.ExtraFiles = []*os.File{fromTest, toTest} // 3 and 4, as the protocol wants
	log, err := os.Create(filepath.Join(t.ArtifactDir(), "browser.log"))
	require.NoError(t, err)
	// Not the file itself: Wait then waits for every process of the browser's that holds the pipe, so none of them still
	// writes into the profile when the test's folder is removed.
	cmd.Stdout = struct{ io.Writer }{log}
	cmd.Stderr = cmd.Stdout
	cmd.WaitDelay = answerWithin
	require.NoError(t, cmd.Start())
	require.NoError(t, fromTest.Close())
	require.NoError(t, toTest.Close())
	b := &tab{t: t, toTab: toBrowser, waiting: map[int]chan message{}, loaded: make(chan struct{}, 100)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.read(fromBrowser)
	}()
	t.Cleanup(func() {
		_ = toBrowser.Close() // without its pipe the browser leaves
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		<-done
		_ = fromBrowser.Close()
		_ = log.Close()
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// read takes messages until the browser is gone; each ends with a zero byte.
func (b *tab) read(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		raw, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(raw[:len(raw)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if answer, ok := b.waiting[m.ID]; ok && m.ID != 0 {
			delete(b.waiting, m.ID)
			answer <- m
		} else {
			b.event(m)
		}
		b.mu.Unlock()
	}
}

// event notes what happened by itself; the caller holds the lock.
func (b *tab) event(m message) {
	switch m.Method {
	case "Page.loadEventFired":
		b.loaded <- struct{}{}
	case "Network.requestWillBeSent":
		var sent struct{ Request struct{ URL string } }
		_ = json.Unmarshal(m.Params, &sent)
		b.requests = append(b.requests, sent.Request.URL)
	case "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening":
		b.problems = append(b.problems, m.Method+" "+string(m.Params))
	}
}

// call asks the browser to do something and waits until it has.
func (b *tab) call(method string, params, result any) {
	b.t.Helper()
	if params == nil {
		params = struct{}{}
	}
	answer := make(chan message, 1)
	b.mu.Lock()
	b.next++
	id := b.next
	b.waiting[id] = answer
	b.mu.Unlock()
	raw, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	require.NoError(b.t, err)
	if b.session != "" {
		raw, err = json.Marshal(map[string]any{"id": id, "method": method, "params": params, "sessionId": b.session})
		require.NoError(b.t, err)
	}
	_, err = b.toTab.Write(append(raw, 0))
	require.NoError(b.t, err)
	timer := time.NewTimer(answerWithin)
	defer timer.Stop()
	select {
	case m := <-answer:
		require.Empty(b.t, string(m.Error), method)
		if result != nil {
			require.NoError(b.t, json.Unmarshal(m.Result, result))
		}
	case <-timer.C:
		require.FailNow(b.t, "the browser does not answer", method)
	}
}

// open goes to an address and waits until the page is there.
func (b *tab) open(url string) {
	b.t.Helper()
	for len(b.loaded) > 0 {
		<-b.loaded
	}
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	b.awaitLoad()
}

// awaitLoad waits for the next page to load.
func (b *tab) awaitLoad() {
	b.t.Helper()
	timer := time.NewTimer(answerWithin)
	defer timer.Stop()
	select {
	case <-b.loaded:
	case <-timer.C:
		require.FailNow(b.t, "no page has loaded")
	}
}

// eval gives an expression's value.
func (b *tab) eval(expression string) any {
	b.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &out)
	require.Empty(b.t, string(out.ExceptionDetails), expression)
	return out.Result.Value
}

// text is what a person reads in the first element of a selector.
func (b *tab) text(selector string) string {
	b.t.Helper()
	name, err := json.Marshal(selector)
	require.NoError(b.t, err)
	value, ok := b.eval("document.querySelector(" + string(name) + ")?.innerText").(string)
	require.True(b.t, ok, "no %s on the page", selector)
	return value
}

// size sets the window's, in CSS pixels, and the colours that the person likes.
func (b *tab) size(width, height int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride",
		map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// shoot keeps a picture of the whole page among the test's artifacts.
func (b *tab) shoot(name string) {
	b.t.Helper()
	var picture struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &picture)
	raw, err := base64.StdEncoding.DecodeString(picture.Data)
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(b.t.ArtifactDir(), name+".png"), raw, 0o600))
}

// complaints are what the browser had to say about the pages so far, and clears them.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := b.problems
	b.problems = nil
	return found
}

// asked lists the addresses that were asked for.
func (b *tab) asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.requests...)
}
