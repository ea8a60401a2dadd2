// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// ErrLeaseNotFound: the gateway knows no such lease of this owner, or it got
	// no manifest yet, or the lease is closed. The chain tells which.
	ErrLeaseNotFound = errors.New("lease not known to the gateway")
	// ErrServiceNotFound: the lease has no service of that name (yet).
	ErrServiceNotFound = errors.New("service not known to the gateway")
	// ErrNoLease: the gateway has not seen the lease of the manifest yet, seconds
	// after the chain made it. A retry is right; a correct manifest was kept.
	ErrNoLease = errors.New("gateway has no lease for the deployment yet")
	// ErrManifestVersion: the manifest's hash is not the one on chain.
	ErrManifestVersion = errors.New("manifest does not match the hash on chain")
	// ErrManifestInvalid: the gateway refused the manifest for another reason.
	ErrManifestInvalid = errors.New("manifest refused")
	// ErrUnauthorized: the gateway refused the token, also a fresh one, or the client certificate.
	ErrUnauthorized = errors.New("gateway refused the credentials")
	// ErrUnavailable: no connection, no answer in time, or an error of the server.
	// A retry is safe.
	ErrUnavailable = errors.New("gateway unavailable")
	// ErrSlow is the [ErrUnavailable] of a gateway that may be there and did not answer in the time of one call.
	ErrSlow = fmt.Errorf("%w: no answer in time", ErrUnavailable)
	// ErrIdentity: whoever answered is not the Akash provider. Nothing was sent.
	ErrIdentity = errors.New("gateway is not the Akash provider it should be")
)

// maxBodyRunes bounds the text kept of a refusal.
const maxBodyRunes = 400

// RefusedError is an answer of the gateway that is not a success. Unwrap gives
// the sentinel that names it, or nothing.
type RefusedError struct {
	// Status is the HTTP status.
	Status int
	// Body is the gateway's text, or the message inside its JSON, without
	// control characters and of at most 400 characters. It may be empty.
	Body string

	cause error
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf("HTTP %d", e.Status)
	if e.Body != "" {
		text += ": " + e.Body
	}
	if e.cause != nil {
		text = e.cause.Error() + " (" + text + ")"
	}
	return text
}

// Unwrap returns the sentinel that names the refusal, nil if there is none.
func (e *RefusedError) Unwrap() error { return e.cause }

func newRefused(status int, body []byte) *RefusedError {
	text := bodyText(body)
	return &RefusedError{Status: status, Body: text, cause: causeOf(status, text)}
}

// causeOf reads status and text; the texts were seen on an official gateway.
func causeOf(status int, text string) error {
	switch status {
	case http.StatusNotFound:
		switch {
		case strings.Contains(text, "no lease for deployment"):
			return ErrNoLease
		case strings.Contains(text, "no service for that lease"):
			return ErrServiceNotFound
		case text == "", strings.Contains(text, "lease not found"), strings.Contains(text, "no manifest"):
			return ErrLeaseNotFound
		}
	case http.StatusUnprocessableEntity:
		if strings.Contains(text, "manifest version validation failed") {
			return ErrManifestVersion
		}
		return ErrManifestInvalid
	case http.StatusUnauthorized, http.StatusForbidden:
		return ErrUnauthorized
	case http.StatusBadRequest:
		if strings.Contains(text, "destination deployment does not exist") {
			return ErrNoLease
		}
		if strings.Contains(text, "JWT") || strings.Contains(text, "authorization header") {
			return ErrUnauthorized
		}
	case http.StatusTooManyRequests:
		return ErrUnavailable
	}
	if status >= http.StatusInternalServerError {
		return ErrUnavailable
	}
	return nil
}

// staleToken tells whether a fresh token may be taken where this one was not.
// The server says 400 for an expired token, not 401.
func staleToken(e *RefusedError) bool {
	return (e.Status == http.StatusBadRequest || e.Status == http.StatusUnauthorized) &&
		strings.Contains(e.Body, "JWT")
}

// bodyText takes the message out of a JSON error and makes any text fit to show.
func bodyText(body []byte) string {
	text := strings.ToValidUTF8(string(body), "�")
	if message, ok := jsonMessage(body); ok {
		text = strings.ToValidUTF8(message, "�")
	}
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text))
	if utf8.RuneCountInString(text) > maxBodyRunes {
		text = string([]rune(text)[:maxBodyRunes-1]) + "…"
	}
	return text
}
