"""What an activity is about, when it comes by its address alone."""

from dataclasses import replace

from federation.documents.activity import Activity
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.runtime import Runtime


async def with_object(runtime: Runtime, activity: Activity) -> Activity:
    """The activity with its object in it: one that is only named is read at its origin.

    That must be the actor's own: nobody makes us ask others. Raises what fetching raises.
    """
    uri = activity.object_id
    if isinstance(activity.object, dict) or not uri or not is_same_origin(uri, activity.actor):
        return activity
    document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
    return replace(activity, object=document, objects=[document])
