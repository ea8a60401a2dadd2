// SPDX-License-Identifier: Apache-2.0

// Package pulumitest runs Pulumi programs as their users do: the real CLI, a real
// language host, the built plugin, a stack on a file backend, and a chain of
// [acctest] to look at afterwards. Only tests import it.
//
// A test of it has the build tag pulumi and is run where the tools are:
//
//	internal/tools/with-pulumi.sh yaml go test -tags pulumi -run TestPulumi ./internal/pulumitest
//
// and looks like this:
//
//	net := acctest.Start(t, acctest.NoRefusal())
//	p := pulumitest.New(t, net, acctest.Tenant, pulumitest.YAML, "../../examples/pulumi/quickstart/yaml")
//	p.SetSecret(t, "dbPassword", "hunter2")
//	p.MustRun(t, "up", "--yes", "--skip-preview")
//	p.Output(t, "leaseId")
//
// Programs of one chain's account run one after another. A program written by the
// test itself is a folder with a Pulumi.yaml: see [Project.Write].
package pulumitest
