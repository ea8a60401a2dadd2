# Every offer that a deployment got, in all its auctions.
data "akash_bids" "web" {
  dseq = "1763800000000123"
}

output "offers" {
  value = [for b in data.akash_bids.web.bids : "${b.provider_address}: ${b.usd_per_month} USD/month, ${b.state}"]
}
