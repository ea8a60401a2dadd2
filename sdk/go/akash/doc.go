// Runs workloads on Akash Network, the decentralised cloud marketplace: every create, update and delete is an on-chain transaction, and every preview tells who would take the job and for how much.
package akash
