// SPDX-License-Identifier: Apache-2.0

// Package visit asks a workload for a page over HTTP, as a visitor would: without credentials, by its host name, and
// through the proxy that the environment names. It knows nothing of leases.
package visit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

const (
	// answerTime bounds one request, so that a workload that hangs is asked again.
	answerTime = 10 * time.Second
	// answerBytes of a body are read, so that the other end is not cut off in a short answer.
	answerBytes = 4 << 10
)

// Page is what is asked for.
type Page struct {
	// Host is the name, with a port where that is not 80.
	Host string
	// Path begins with a slash and may have a query.
	Path string
	// Address is connected to instead of Host when set, host or host:port, past any proxy; the request names Host all the
	// same. Without a port it is Host's.
	Address string
}

// String is the URL, with the address where there is one.
func (p Page) String() string {
	text := "http://" + p.Host + p.Path
	if p.Address != "" {
		text += " at " + p.Address
	}
	return text
}

// Status asks for the page once with GET and returns the status of the answer. Redirects are not followed, and the body
// is not kept: it may hold what is nobody's business. The error is ctx's only when ctx has ended.
func Status(ctx context.Context, page Page) (int, error) {
	target, err := url.Parse("http://" + page.Host + page.Path)
	if err != nil || target.Host != page.Host || target.User != nil {
		return 0, fmt.Errorf("%s is not a page of a host", page) // the name is an Akash provider's: no path hides in it
	}
	asking, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	req, err := http.NewRequestWithContext(asking, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("%s is not a URL", page)
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, DialContext: (&net.Dialer{Control: elsewhere}).DialContext,
	}
	if page.Address != "" {
		transport.Proxy = nil
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, dialed(page.Address, target))
		}
	}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(req)
	switch {
	case err != nil && ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil && asking.Err() != nil:
		return 0, fmt.Errorf("no answer within %s", answerTime)
	case err != nil:
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return 0, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerBytes)) // only the status matters
	return answer.StatusCode, answer.Body.Close()
}

// errLinkLocal is why a page was not asked for.
var errLinkLocal = errors.New("the host name leads to a link-local address, where no workload is")

// elsewhere keeps from link-local addresses, where clouds tell a machine its credentials: whoever names the host may
// not be trusted so far.
func elsewhere(_, address string, _ syscall.RawConn) error {
	if to, err := netip.ParseAddrPort(address); err == nil && to.Addr().Unmap().IsLinkLocalUnicast() {
		return errLinkLocal
	}
	return nil
}

// dialed completes an address with the port of the page.
func dialed(address string, target *url.URL) string {
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	port := target.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(address, port)
}
