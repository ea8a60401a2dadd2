// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
)

// What JSON-RPC and REST have in common: the way over HTTP.

// idleConnections is how many connections to an endpoint are kept for reuse: as
// many as there are calls at a time.
const idleConnections = 16

func newHTTPClient() *http.Client {
	return &http.Client{
		Transport: newTransport(),
		// A redirected POST becomes a GET, which a node answers with a web page.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newTransport is a copy of the default transport, which honours HTTP_PROXY,
// HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE, with connections of its own.
func newTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := standard.Clone()
	t.MaxIdleConnsPerHost = idleConnections
	// A connection that a firewall forgot is noticed, not waited on.
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: silenceTime, PingTimeout: silenceTime}
	return t
}

// limitedHTTP is an answer of the server's front door: the node was not asked.
func limitedHTTP(name string, response *http.Response) error {
	return &endpointError{
		endpoint: name, text: "too many requests (HTTP " + response.Status + ")", notSent: true, limited: true,
		retryAfter: retryAfter(response.Header.Get("Retry-After"), time.Now()),
	}
}

// failedHTTP says why there was no answer from address, which may hold a key: name stands in for it.
func failedHTTP(ctx context.Context, name, address string, err error) error {
	if ctx.Err() != nil {
		return contextError(ctx, name)
	}
	var dial *net.OpError
	e := &endpointError{endpoint: name, notSent: errors.As(err, &dial) && dial.Op == "dial"}
	// The message of url.Error begins with the address, which may hold a key.
	e.text = cleanLog(strings.ReplaceAll(unwrapURL(err).Error(), address, name))
	return e
}

func unwrapURL(err error) error {
	type urlError interface{ Unwrap() error }
	if wrapped, ok := err.(urlError); ok && wrapped.Unwrap() != nil {
		return wrapped.Unwrap()
	}
	return err
}
