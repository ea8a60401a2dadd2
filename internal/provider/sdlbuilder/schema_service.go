// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// positive and natural keep whole numbers within what an SDL can hold; the network's own limits are the parser's part.
func positive() []validator.Int64 {
	return []validator.Int64{int64validator.Between(1, math.MaxUint32)}
}

func natural() []validator.Int64 { return []validator.Int64{int64validator.Between(0, math.MaxUint32)} }

func texts(description string) schema.Attribute {
	return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
}

func whole(description string) schema.Attribute {
	return schema.Int64Attribute{Optional: true, Validators: natural(), MarkdownDescription: description}
}

func required(description string) schema.Attribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: description}
}

func optional(description string) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description}
}

func servicesAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Required: true,
		MarkdownDescription: "Containers by name: `a-z`, `0-9` and `-`, beginning with a letter. At least one must be open " +
			"to the world.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"image":   required("The container image with a version, e.g. `nginx:1.29.3`."),
			"command": texts("The command in place of the image's entry point, e.g. `[\"sh\", \"-c\"]`. Default: the image's."),
			"args":    texts("The arguments in place of the image's, e.g. `[\"--port\", \"80\"]`. Default: the image's."),
			"env": schema.MapAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "Environment variables, name → value. They are stored in state, as `yaml` is, and seen by " +
					"the Akash provider; give secrets to `akash_deployment.env`. Example: `{ LOG_LEVEL = \"info\" }`.",
			},
			"files":  filesAttribute(),
			"expose": exposeAttribute(),
			"params": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "Settings of the service that are not resources.",
				Attributes: map[string]schema.Attribute{
					"storage": schema.MapNestedAttribute{
						Optional: true,
						MarkdownDescription: "Where volumes of the compute profile appear, by the volume's name. A persistent volume " +
							"needs one. Example: `{ data = { mount = \"/var/lib/data\" } }`.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"mount": required("Absolute path in the container, e.g. `/data`."),
							"read_only": schema.BoolAttribute{
								Optional: true, MarkdownDescription: "Mount it read-only. Default false; not for class `ram`.",
							},
						}},
					},
					"permissions": schema.SingleNestedAttribute{
						Optional: true, MarkdownDescription: "What the service may ask the Akash provider about its own lease. Default " +
							"nothing.",
						Attributes: map[string]schema.Attribute{
							"read": texts("Any of `deployment`, `logs`, `events`."),
						},
					},
					"tee": optional("Confidential computing: `cpu`, or `cpu-gpu`, which needs a GPU. All services of a placement " +
						"must agree. Default none."),
				},
			},
			"credentials": schema.SingleNestedAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Login of the registry of a private image. Stored in state, as `yaml` is, and seen by the " +
					"Akash provider.",
				Attributes: map[string]schema.Attribute{
					"host":     required("The registry, e.g. `ghcr.io`."),
					"email":    optional("E-mail address, where the registry wants one. Default none."),
					"username": required("User name."),
					"password": schema.StringAttribute{
						Required: true, Sensitive: true, MarkdownDescription: "Password or access token.",
					},
				},
			},
		}},
	}
}

func exposeAttribute() schema.Attribute {
	return schema.ListNestedAttribute{
		Optional: true,
		MarkdownDescription: "Ports and who may reach them. Default none. Example: `[{ port = 8080, as = 80, to = [{ " +
			"global = true }] }]`.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"port": schema.Int64Attribute{
				Required: true, Validators: positive(), MarkdownDescription: "The port the container listens on, 1 to 65535.",
			},
			"as": whole("The port outside. Default: the same as `port`. TCP on 80 is served by name over HTTP and HTTPS; any " +
				"other global port gets a number of the Akash provider's choice, unless it is on a leased IP."),
			"proto": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive("tcp", "udp")},
				MarkdownDescription: "`tcp` or `udp`. Default `tcp`; HTTP is `tcp`.",
			},
			"accept": texts("Host names served on the port, e.g. `[\"www.example.com\"]`; each once in the whole SDL. " +
				"Default: a name of the Akash provider's."),
			"to": schema.ListNestedAttribute{
				Optional: true, MarkdownDescription: "Who may reach the port. Default: the services of the same placement.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"service": optional("A service of the same placement, e.g. `web`."),
					"global":  schema.BoolAttribute{Optional: true, MarkdownDescription: "Open to the world. Default false."},
					"ip": optional("Name of a leased IP, e.g. `myip`; the SDL's `endpoints` entry is written for it. Needs `global " +
						"= true`, and a different `as` for each port that shares it."),
				}},
			},
			"http_options": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "What the Akash provider's HTTP proxy is told.",
				Attributes: map[string]schema.Attribute{
					"max_body_size": whole("Largest request body in bytes. Default 1048576, at most 104857600."),
					"read_timeout":  whole("Wait for an answer in milliseconds. Default and maximum 60000."),
					"send_timeout":  whole("Wait while sending in milliseconds. Default and maximum 60000."),
					"next_tries":    whole("Replicas to try. Default 3."),
					"next_timeout":  whole("Time for all tries in milliseconds. Default 0, no limit."),
					"next_cases": texts("When to try the next replica: any of `error`, `timeout`, `500`, `502`, `503`, `504`, " +
						"`403`, `404`, `429`, or `off` alone. Default `[\"error\", \"timeout\"]`."),
					"proxy_buffer_size": whole("Buffer for response headers in bytes, at most 1048576. Default: the Akash " +
						"provider's. One that does not know the option refuses the manifest."),
				},
			},
		}},
	}
}
