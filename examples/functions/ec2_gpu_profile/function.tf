# A g5.2xlarge has one A10G with 24 GiB, 8 virtual cores and 32 GiB of memory.
locals {
  gpu = provider::akash::ec2_gpu_profile("g5.2xlarge")
}

output "gpu" {
  value = "${local.gpu.units} x ${local.gpu.model} with ${local.gpu.vram}: ${local.gpu.match}"
}

# What can stand in for it, the nearest first: the variants of an akash_gpu_profile.
output "variants" {
  value = local.gpu.variants[*].model
}
