// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"

	"github.com/cosmos/cosmos-sdk/types/query"

	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// ListProviders returns the records of all registered Akash providers, dead ones too.
func (c *Client) ListProviders(ctx context.Context) ([]providerv1beta4.Provider, error) {
	client := providerv1beta4.NewQueryClient(c.pool)
	all, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]providerv1beta4.Provider, *query.PageResponse, error) {
		reply, err := client.Providers(ctx, &providerv1beta4.QueryProvidersRequest{Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Providers, reply.Pagination, nil
	})
	if err != nil {
		return nil, fmt.Errorf("Akash providers: %w", err)
	}
	return all, nil
}

// FindProvider returns an Akash provider's record, or [ErrProviderNotFound].
func (c *Client) FindProvider(ctx context.Context, addr string) (*providerv1beta4.Provider, error) {
	reply, err := providerv1beta4.NewQueryClient(c.pool).Provider(ctx,
		&providerv1beta4.QueryProviderRequest{Owner: addr})
	if err != nil {
		return nil, fmt.Errorf("Akash provider %s: %w", addr, err)
	}
	return &reply.Provider, nil
}

// ListAudits returns the attributes that auditors signed for the Akash provider
// owner, one item an auditor. None is no error. It asks per Akash provider
// because the network's list of all audits answers garbage.
func (c *Client) ListAudits(ctx context.Context, owner string) ([]auditv1.AuditedProvider, error) {
	client := auditv1.NewQueryClient(c.pool)
	all, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]auditv1.AuditedProvider, *query.PageResponse, error) {
		reply, err := client.ProviderAttributes(ctx,
			&auditv1.QueryProviderAttributesRequest{Owner: owner, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Providers, reply.Pagination, nil
	})
	switch {
	case errors.Is(err, ErrProviderNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("audits of Akash provider %s: %w", owner, err)
	}
	return all, nil
}

// FindCertificates returns the certificates of owner. Serial is a decimal
// number, empty for all; state is valid, revoked or empty for both. None is no
// error: the list is empty.
func (c *Client) FindCertificates(
	ctx context.Context, owner, serial, state string,
) ([]certv1.CertificateResponse, error) {
	client := certv1.NewQueryClient(c.pool)
	filter := certv1.CertificateFilter{Owner: owner, Serial: serial, State: state}
	all, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]certv1.CertificateResponse, *query.PageResponse, error) {
		reply, err := client.Certificates(ctx, &certv1.QueryCertificatesRequest{Filter: filter, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Certificates, reply.Pagination, nil
	})
	if err != nil {
		return nil, fmt.Errorf("certificates of %s: %w", owner, err)
	}
	return all, nil
}
