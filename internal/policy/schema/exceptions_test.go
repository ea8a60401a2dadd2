// SPDX-License-Identifier: Apache-2.0

package schema_test

import "strings"

// open are attributes that sound secret and are not, and why.
var open = map[string]string{
	"provider gateway_auth.certificate_pem":      "a certificate is public, its key is another attribute",
	"resource/akash_certificate certificate_pem": "a certificate is public, it is on chain",
	"resource/akash_certificate public_key_pem":  "a public key is, it is on chain",

	"data-source/akash_compose secret_variables":    "names of variables to give; no values",
	"data-source/akash_ecs_task secret_variables":   "names of variables to give; no values",
	"resource/akash_deployment groups.secret_names": "names of secrets, for plans to show; no values",
	"resource/akash_lease group.secret_names":       "names of secrets, for plans to show; no values",

	"resource/akash_lease attestation.key_server_url": "who is asked for certificates of public keys",
}

// free are texts that a user writes and no validator of the attribute checks, and what checks them. A name that ends
// with a dot or a blank stands for all below it.
var free = map[string]string{
	"provider chain_id":      "compared with what endpoints say, before anything is signed",
	"provider gas.prices":    "read with the configuration, which is at plan",
	"provider gateway_auth.": "read with the configuration, which is at plan",
	"provider key.":          "read with the configuration, which is at plan",

	"data-source/akash_compose ":  "the file and the SDL it becomes are checked as a whole, with a path for each problem",
	"data-source/akash_ecs_task ": "the definition and the SDL are checked as a whole, with a path for each problem",
	"data-source/akash_sdl ":      "the SDL that is built is checked as a whole, with the line of each problem",
	"data-source/akash_jwt ":      "the access is checked as a whole when the configuration is",
	"ephemeral/akash_jwt ":        "the access is checked as a whole when the configuration is",
	"data-source/akash_forecast ": "the SDL is parsed when it is read, at plan, with the line of each problem",

	"resource/akash_deployment registry_credentials_wo.": "read whole at plan: a validator's path would quote its line",
	"resource/akash_lease registry_credentials_wo.":      "read whole at plan: a validator's path would quote its line",

	"resource/akash_exec lease_id":      "parsed at plan, and its owner compared",
	"action/akash_exec lease_id":        "parsed at plan, and its owner compared",
	"action/akash_rebid lease_id":       "parsed at plan, and its owner compared",
	"action/akash_top_up deployment_id": "parsed at plan, and its owner compared",

	"resource/akash_deployment sdl":                   "parsed at plan, with the line of each problem",
	"resource/akash_lease group.":                     "comes from akash_deployment.groups; its ids are parsed at plan",
	"resource/akash_gpu_profile cpu":                  "the order for the probe is built from it at plan",
	"resource/akash_gpu_profile memory":               "the order for the probe is built from it at plan",
	"resource/akash_gpu_profile storage":              "the order for the probe is built from it at plan",
	"resource/akash_ip_endpoint attach.deployment_id": "parsed at plan",
}

// reason finds why an attribute is an exception, and under which name.
func reason(reasons map[string]string, path string) (name string) {
	for name := range reasons {
		if name == path || strings.HasSuffix(name, ".") && strings.HasPrefix(path, name) ||
			strings.HasSuffix(name, " ") && strings.HasPrefix(path, name) {
			return name
		}
	}
	return ""
}
