// SPDX-License-Identifier: Apache-2.0

// Package keyserver asks a chip vendor's key server, AMD's or a cache of it, for certificates of signing keys and lists
// of revoked ones. Nothing that it returns is trusted for where it came from: both are signed, and package attest
// checks them. Source: AMD publication 57230.
package keyserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// AMD is the vendor's own server.
const AMD = "https://kdsintf.amd.com"

const (
	answerTime  = 15 * time.Second
	answerBytes = 1 << 20
)

var (
	// ErrNotFound: the server has no such thing.
	ErrNotFound = errors.New("the key server has none")
	// ErrUnavailable: no answer, or none for now: the vendor's server bounds how often it is asked. A retry is safe.
	ErrUnavailable = errors.New("the key server is unavailable")
)

// Get asks the server at base for a path, with its query, and returns the body. The proxy of the environment is used,
// redirects are not followed. Errors are ctx's, [ErrNotFound] or [ErrUnavailable].
func Get(ctx context.Context, base, path string) ([]byte, error) {
	asking, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	req, err := http.NewRequestWithContext(asking, http.MethodGet, strings.TrimRight(base, "/")+path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%w: %q is no address", ErrUnavailable, base)
	}
	client := &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(req)
	if err != nil {
		return nil, unavailable(ctx, req.URL.Host, err)
	}
	defer func() { _ = answer.Body.Close() }() // read to the end or given up
	switch body, err := io.ReadAll(io.LimitReader(answer.Body, answerBytes+1)); {
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusBadRequest:
		return nil, fmt.Errorf("%w: %s answered %s", ErrNotFound, req.URL.Host, answer.Status)
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: %s answered %s", ErrUnavailable, req.URL.Host, answer.Status)
	case err != nil:
		return nil, unavailable(ctx, req.URL.Host, err)
	case len(body) > answerBytes:
		return nil, fmt.Errorf("%w: %s answered more than %d bytes", ErrUnavailable, req.URL.Host, answerBytes)
	default:
		return body, nil
	}
}

func unavailable(ctx context.Context, host string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %s did not answer within %s", ErrUnavailable, host, answerTime) // not the caller's deadline
	}
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, host, err)
}
