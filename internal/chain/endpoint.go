// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// grpcTarget reads a gRPC endpoint: host:port, or http(s)://host[:port]. TLS is
// used for https and for port 443.
func grpcTarget(endpoint string) (target string, useTLS bool, err error) {
	rest := endpoint
	scheme := ""
	if before, after, ok := strings.Cut(endpoint, "://"); ok {
		scheme, rest = strings.ToLower(before), strings.TrimSuffix(after, "/")
	}
	defaultPort := ""
	switch scheme {
	case "", "tcp", "grpc":
	case "http":
		defaultPort = "80"
	case "https", "grpcs":
		defaultPort, useTLS = "443", true
	default:
		return "", false, fmt.Errorf("gRPC endpoint %q: unknown scheme %q, want host:port or https://host",
			redactURL(endpoint), scheme)
	}
	host, port, err := net.SplitHostPort(rest)
	if err != nil && defaultPort != "" {
		host, port, err = rest, defaultPort, nil
	}
	if err != nil || host == "" || port == "" || strings.ContainsAny(rest, "/ @") {
		return "", false, fmt.Errorf("gRPC endpoint %q: want host:port or https://host", redactURL(endpoint))
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port), useTLS || port == "443", nil
}

// rpcURL reads the address of a CometBFT RPC server: http(s)://…, the command
// line's tcp://…, or host:port (https for port 443, http else).
func rpcURL(endpoint string) (string, error) { return httpURL("RPC", endpoint) }

// restURL reads the address of a REST server (a node's API server) in the same forms.
func restURL(endpoint string) (string, error) { return httpURL("REST", endpoint) }

func httpURL(kind, endpoint string) (string, error) {
	text := endpoint
	if rest, ok := strings.CutPrefix(text, "tcp://"); ok {
		text = "http://" + rest
	}
	if !strings.Contains(text, "://") {
		scheme := "http"
		if strings.HasSuffix(strings.TrimSuffix(text, "/"), ":443") {
			scheme = "https"
		}
		text = scheme + "://" + text
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		// The error of url.Parse may hold a password of the URL: left out.
		return "", fmt.Errorf("%s endpoint %q: want http://host:port or https://host", kind, redactURL(endpoint))
	}
	return parsed.String(), nil
}

// keyLength is how long a part of a path is that may be an API key: names of routes are shorter.
const keyLength = 16

// redactURL drops user, password, query and long parts of the path, which may hold an API key.
func redactURL(endpoint string) string {
	parsed, err := url.Parse(endpoint)
	if err != nil || parsed.Host == "" {
		if i := strings.LastIndexByte(endpoint, '@'); i >= 0 {
			return "…" + endpoint[i:]
		}
		return endpoint
	}
	if parsed.User != nil {
		parsed.User = url.User("…")
	}
	if parsed.RawQuery != "" {
		parsed.RawQuery = "…"
	}
	parts := strings.Split(parsed.EscapedPath(), "/")
	for i, part := range parts {
		if len(part) >= keyLength {
			parts[i] = "..." // a path escapes what is no ASCII
		}
	}
	parsed.Path, parsed.RawPath = strings.Join(parts, "/"), ""
	return parsed.String()
}
