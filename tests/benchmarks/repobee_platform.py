"""Our server as a platform of RepoBee: what `repobee repos clone` needs of one, and no more.

RepoBee loads this file in its own environment. The organization is the server's address, since
RepoBee insists that a platform's base URL be https; each student has one repository, by their name.
"""

from __future__ import annotations

from collections.abc import Iterable

import repobee_plug as plug  # pyright: ignore[reportMissingImports]  # in RepoBee's own environment


class ServerAPI(plug.PlatformAPI):
    """The addresses of the students' repositories, with the instructor's right to read them."""

    def __init__(self, org_name: str, token: str) -> None:
        self._server = org_name
        self._token = token

    def get_repo_urls(
        self,
        assignment_names: Iterable[str],
        org_name: str | None = None,  # noqa: ARG002  # RepoBee asks for these very parameters
        team_names: list[str] | None = None,
        insert_auth: bool = False,
    ) -> list[str]:
        urls = [f"{self._server}/{name}.git" for name in team_names or assignment_names]
        return [self.insert_auth(url) for url in urls] if insert_auth else urls

    def insert_auth(self, url: str) -> str:
        return url.replace("http://", f"http://{self._token}@")

    def extract_repo_name(self, repo_url: str) -> str:
        return repo_url.rpartition("/")[2].removesuffix(".git")


class Server(plug.Plugin):
    """Makes RepoBee use `ServerAPI`."""

    def get_api_class(self) -> type:
        return ServerAPI

    def api_init_requires(self) -> tuple[str, ...]:
        return ("org_name", "token")
