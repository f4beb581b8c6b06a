-- The nearest chunks that hold today and that the agent may see, with what a citation needs. {partition}, {dimensions} and {generation} are
-- those of the live generation; {narrowed} narrows to a product. $1 vector, $2 today, $3 agent, $4 customer, $5 product where narrowed.
select c.chunk_id, c.document_id, c.heading_path, c.page, 1 - (c.embedding::vector({dimensions}) <=> $1) as similarity,
    d.title, d.source, d.anchor
from (
    select chunk_id, document_id, heading_path, page, embedding
    from knowledge.{partition} c
    where generation = {generation} {narrowed}
        and coalesce(valid_from, '-infinity') <= $2 and coalesce(valid_to, 'infinity') >= $2
        and (region is null or region = any(array(
            select permission.region::text
            from shop.agents agent join shop.agent_permissions permission using (agent_id)
            where agent.agent_id = $3 and agent.active and permission.region = coalesce(
                (
                    select customer.region from shop.customers customer
                    join shop.agent_permissions own on own.agent_id = $3 and own.region = customer.region
                    where customer.id = $4
                ),
                permission.region
            )
        )))
    order by (embedding::vector({dimensions}) <=> $1){exact}
    limit 8
) c
join knowledge.documents d on d.generation = {generation} and d.document_id = c.document_id
order by similarity desc
