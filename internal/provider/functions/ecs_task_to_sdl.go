// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
)

var _ function.Function = (*ecsTaskToSDL)(nil)

type ecsTaskToSDL struct{}

// NewECSTaskToSDL returns ecs_task_to_sdl.
func NewECSTaskToSDL() function.Function { return &ecsTaskToSDL{} }

// Metadata names the function.
func (f *ecsTaskToSDL) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "ecs_task_to_sdl"
}

// Definition describes the function.
func (f *ecsTaskToSDL) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A task definition of Amazon ECS as an SDL",
		MarkdownDescription: "Puts a task definition of Amazon ECS into the words of Akash, and says what became of every " +
			"key of it. Each container becomes a service; where one called another at `localhost`, it calls it by name. Gives " +
			"an object:\n\n" + conversionResult + "\n\n`data.akash_ecs_task` does the same with options: images, sizes, the " +
			"number of tasks, losses to accept.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "content",
			MarkdownDescription: "The definition as JSON, e.g. `file(\"task.json\")`: the input of " +
				"`aws ecs register-task-definition`, what `aws ecs describe-task-definition` prints, a list of container " +
				"definitions, or a CloudFormation template with one `AWS::ECS::TaskDefinition`, that resource or its properties.",
		}},
		Return: function.ObjectReturn{AttributeTypes: conversionReturn},
	}
}

// Run converts the definition.
func (f *ecsTaskToSDL) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	converted, err := migrate.ECS(text, migrate.ECSOptions{})
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, conversionValue(converted))
}
